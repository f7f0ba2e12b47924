import { titleOf } from '../problem.ts'
import { formatRawAnswer } from './format-raw-answer.ts'

export type ClientError = Error & { readonly code?: string }

/** Failures of Node's HTTP parser that have a status of their own; all others are 400. */
const STATUS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
}

/** @returns the answer to bytes that are not valid HTTP, as it goes over the network */
export function describeClientError(error: ClientError): string {
  const status = STATUS[error.code ?? ''] ?? 400
  const title = titleOf(status)
  const { headers, body } = formatRawAnswer(status, `The request is not valid HTTP: ${title}`)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} ${title}`, ...lines, '', body].join('\r\n')
}
