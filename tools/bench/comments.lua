-- For wrk: sends comments through the form of the pages in PATHS, each with a text of its own; what is not answered with a tracking page is wrong.
local pages, number, threads = {}, 0, {}
answered, wrong = 0, 0

function setup(thread) threads[#threads + 1] = thread end

function init()
  for path in io.lines(os.getenv("PATHS")) do pages[#pages + 1] = path end
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
  number = number + 1
  local text = "X%C3%B3m+t%C3%B4i+c%C5%A9ng+l%C3%A0m+nh%C6%B0+v%E1%BA%ADy,+mong+x%C3%A3+gi%E1%BB%AF+cho+%C4%91%E1%BB%81u.+G%C3%B3p+%C3%BD+s%E1%BB%91+"
  return wrk.format("POST", pages[number % #pages + 1], nil, "name=Lan&text=" .. text .. os.getenv("ROUND") .. "-" .. number)
end

function response(status, headers)
  local place = headers["location"] or headers["Location"] or ""
  if status == 303 and place:find("/theo-doi/", 1, true) then answered = answered + 1 else wrong = wrong + 1 end
end

function done()
  for _, thread in ipairs(threads) do
    print("acknowledged: " .. thread:get("answered"))
    print("wrong: " .. thread:get("wrong"))
  end
end
