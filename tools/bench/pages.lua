-- For wrk: asks for the pages of the file PATHS by chance; with KEPT nine times of ten for that page, and for the others in turn from FROM on.
local pages, kept, count, at = {}, nil, 0, tonumber(os.getenv("FROM") or 0)

function init()
  for path in io.lines(os.getenv("PATHS")) do pages[#pages + 1] = wrk.format("GET", path) end
  if os.getenv("KEPT") then kept = wrk.format("GET", os.getenv("KEPT")) end
  math.randomseed(os.time())
end

function request()
  count = count + 1
  if not kept then return pages[math.random(#pages)] end
  if count % 10 ~= 0 then return kept end
  at = at + 1
  return pages[at % #pages + 1]
end
