const NUL = 0x00

/** A message ends with NUL over TCP; some clients end it so over UDP and HTTP as well. @returns the same bytes up to there */
export function withoutFinalNul(bytes: Buffer): Buffer {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === NUL) end--
  return bytes.subarray(0, end)
}
