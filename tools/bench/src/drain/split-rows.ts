const NEWLINE = 0x0a

/**
 * Cuts a dump into parts of about the same size, between rows: in the text format of COPY a line break inside a value is
 * written as `\n`, so that each one that stands there ends a row.
 */
export function splitRows(dump: Buffer, parts: number): Buffer[] {
  const cuts = [0]
  for (let part = 1; part < parts; part++) {
    const end = dump.indexOf(NEWLINE, Math.floor((dump.length * part) / parts))
    cuts.push(end === -1 ? dump.length : end + 1)
  }
  cuts.push(dump.length)
  return cuts.slice(1).map((end, i) => dump.subarray(cuts[i], end))
}
