import type { FastifyReply, FastifyRequest } from 'fastify'
import { matchesTag } from '../cached-reply.ts'
import { secured } from '../routes/send-page.ts'
import { chooseEncoding } from './choose-encoding.ts'
import type { ConsoleFile } from './console-file.ts'

const A_YEAR = 'public, max-age=31536000, immutable'

/** Sends a file in the encoding that suits the client, or 304 where the client has it already. */
export function sendConsoleFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: ConsoleFile,
): FastifyReply {
  const encoding = chooseEncoding(file, request.headers['accept-encoding'])
  const { body, etag } = file.bodies[encoding] ?? file.bodies.identity
  void secured(reply).headers({
    'cache-control': file.immutable ? A_YEAR : 'no-cache',
    vary: 'accept-encoding',
    etag,
  })
  const known = request.headers['if-none-match']
  if (known !== undefined && matchesTag(known, etag)) return reply.code(304).send()
  if (encoding !== 'identity') void reply.header('content-encoding', encoding)
  return reply.header('content-type', file.contentType).send(body)
}
