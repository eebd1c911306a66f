// Reads a WebAssembly module as far as the tools beside this file need it.

/** A whole number as the format writes it. */
export function number(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.from([...bytes, value]);
}

/** A text or a list of bytes with its length before it. */
export const counted = (bytes) => Buffer.concat([number(bytes.length), bytes]);

/** A section, or a part of one. */
export const section = (id, ...parts) => Buffer.concat([number(id), counted(Buffer.concat(parts))]);

/** A module of sections. */
export const module = (...sections) => Buffer.concat([Buffer.from('\0asm\x01\0\0\0'), ...sections]);

/** The sections, the imports, how many of these are functions, and the type, body and name of each further function. */
export function read(bytes) {
  let at = 8;
  const next = () => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  };
  const cut = () => {
    const length = next();
    at += length;
    return bytes.subarray(at - length, at);
  };
  const each = (read) => Array.from({ length: next() }, read);
  const limits = () => {
    const flags = next();
    next();
    if (flags % 2) next();
  };
  // Function, table, memory, global, tag: what follows the names of an import.
  const imports = [next, () => (next(), limits()), limits, () => (next(), next()), () => (next(), next())];
  const module = { sections: [], imports: [], imported: 0, types: [], bodies: [], names: new Map() };
  const readers = {
    2: () => each(() => {
      const [from, name, start] = [cut(), cut(), at];
      const kind = next();
      imports[kind]();
      module.imports.push({ from: from.toString(), name: name.toString(), what: bytes.subarray(start, at) });
      if (kind === 0) module.imported += 1;
    }),
    3: () => (module.types = each(next)),
    10: () => (module.bodies = each(cut)),
    name: (end) => {
      while (at < end) {
        const [part, length] = [next(), next()];
        const after = at + length;
        if (part === 1) each(() => module.names.set(next() - module.imported, cut().toString()));
        at = after;
      }
    },
  };
  while (at < bytes.length) {
    const start = at;
    const id = next();
    const end = next() + at;
    const kind = id === 0 ? cut().toString() : id;
    readers[kind]?.(end);
    at = end;
    module.sections.push({ kind, bytes: bytes.subarray(start, end) });
  }
  return module;
}
