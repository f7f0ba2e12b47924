import { createReadStream } from 'node:fs'

/** A line without its terminator; undefined where it is longer than allowed. */
export type Line = Buffer | undefined

const LF = 0x0a
const CR = 0x0d

/**
 * Reads the lines of the first `bytes` bytes of a file. A line ends with LF or CR LF, and that terminator is not part
 * of it; every other byte is, a CR anywhere else included. A file that ends without a terminator ends with a line.
 *
 * @param maxBytes longer lines come out as undefined; their bytes are not kept
 */
export async function* readLines(path: string, bytes: number, maxBytes: number): AsyncGenerator<Line> {
  if (bytes === 0) return
  yield* splitLines(createReadStream(path, { end: bytes - 1 }) as AsyncIterable<Buffer>, maxBytes)
}

/**
 * The lines of a stream, as {@link readLines} reads them.
 *
 * @param maxBytes longer lines come out as undefined; their bytes are not kept
 */
export async function* splitLines(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Line> {
  let parts: Buffer[] = []
  let length = 0
  const keep = (part: Buffer) => {
    length += part.length
    if (length <= maxBytes + 1) parts.push(part)
    else parts = []
  }
  const finish = (terminated: boolean): Line => {
    const line = length <= maxBytes + 1 ? stripCr(Buffer.concat(parts), terminated) : undefined
    parts = []
    length = 0
    return line !== undefined && line.length <= maxBytes ? line : undefined
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let lf = chunk.indexOf(LF); lf >= 0; lf = chunk.indexOf(LF, from)) {
      keep(chunk.subarray(from, lf))
      yield finish(true)
      from = lf + 1
    }
    if (from < chunk.length) keep(chunk.subarray(from))
  }
  if (length > 0) yield finish(false)
}

/** A CR at the very end of a file belongs to its last line: no LF follows that would make it a terminator. */
function stripCr(line: Buffer, terminated: boolean): Buffer {
  return terminated && line.at(-1) === CR ? line.subarray(0, -1) : line
}
