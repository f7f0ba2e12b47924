import type { Socket } from 'node:net'

const HEAD_END = '\r\n\r\n'

/** Bytes in front of the status: `HTTP/1.1 `. */
const STATUS_AT = 9

/**
 * A server may send `100 Continue` before its answer although nothing asked for it. undici takes that for a broken
 * connection, and lets other interim answers pass. So an interim answer 100 at the beginning of what was read becomes a 103.
 * One that is cut in two within its status line is left as it is: the attempt is in doubt then, which is safe.
 */
export function passOverContinue(socket: Socket): Socket {
  const read = socket.read.bind(socket)
  socket.read = (size?: number) => {
    const chunk: unknown = read(size)
    if (Buffer.isBuffer(chunk)) rewriteContinue(chunk)
    return chunk
  }
  return socket
}

function rewriteContinue(chunk: Buffer): void {
  for (let at = 0; isContinue(chunk, at);) {
    chunk[at + STATUS_AT + 2] = '3'.charCodeAt(0)
    const end = chunk.indexOf(HEAD_END, at)
    if (end < 0) return
    at = end + HEAD_END.length
  }
}

function isContinue(chunk: Buffer, at: number): boolean {
  // The first byte alone decides in nearly every case.
  if (chunk[at] !== 0x48) return false
  return /^HTTP\/1\.1 100\D/.test(chunk.toString('latin1', at, at + STATUS_AT + 4))
}
