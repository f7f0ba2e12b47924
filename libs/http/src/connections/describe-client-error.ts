import { titleOf } from '../problem.ts'
import { formatRawAnswer } from './format-raw-answer.ts'

/** `rawPacket`: the Buffer that Node was reading, which Fastify declares as another type. */
export type ClientError = Error & { readonly code?: string; readonly rawPacket?: unknown }

/** Headers of refusals at an address: see HttpServerOptions. */
export type RefusalHeaders = (url: string) => Readonly<Record<string, string>> | undefined

/** Failures of Node's HTTP parser that have a status of their own; all others are 400. */
const STATUS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
}

/** Method and address, of a request whose first line is all there. */
const REQUEST_LINE = /^[A-Z]+ (\S+) HTTP\/1\.[01]\r?\n/

/**
 * @param refusalHeaders of the address that was asked for; where that did not come with the bytes that are at hand, the answer has none
 * @returns the answer to bytes that are not valid HTTP, as it goes over the network
 */
export function describeClientError(error: ClientError, refusalHeaders?: RefusalHeaders): string {
  const status = STATUS[error.code ?? ''] ?? 400
  const title = titleOf(status)
  const { headers, body } = formatRawAnswer(status, `The request is not valid HTTP: ${title}`)
  const url = addressIn(error.rawPacket)
  const ofAddress = url === undefined ? undefined : refusalHeaders?.(url)
  const lines = Object.entries({ ...headers, ...ofAddress }).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} ${title}`, ...lines, '', body].join('\r\n')
}

function addressIn(packet: unknown): string | undefined {
  return Buffer.isBuffer(packet) ? REQUEST_LINE.exec(packet.toString('latin1'))?.[1] : undefined
}
