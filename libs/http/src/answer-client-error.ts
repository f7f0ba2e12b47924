import { AppError } from '@runnel/contracts'
import type { Socket } from 'node:net'
import { titleOf, toProblem } from './problem.ts'

/** Failures of Node's HTTP parser that have a status of their own; all others are 400. */
const STATUS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
}

/** Answers bytes that are not valid HTTP, for which there is no reply to send a problem with. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  // The client has gone, or an earlier answer on this connection is half-written.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy()
    return
  }
  const status = STATUS[error.code ?? ''] ?? 400
  const title = titleOf(status)
  const problem = toProblem(new AppError('bad_request', `The request is not valid HTTP: ${title}`))
  const body = JSON.stringify({ ...problem, title, status })
  socket.end(
    [
      `HTTP/1.1 ${status} ${title}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}
