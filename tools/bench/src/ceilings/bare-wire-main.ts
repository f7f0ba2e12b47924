import { fastify } from 'fastify'
import { WIRE_READERS, type WireReader, type WireReaderName } from './wire-readers.ts'

/** The most that a receiver of a wire format could do on Fastify: the bytes read by the same library, an answer. Nothing is kept. */
const [, , port, name = ''] = process.argv

const { read, answer }: WireReader = WIRE_READERS[name as WireReaderName]

const app = fastify({ bodyLimit: 5 * 1024 * 1024 })
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
app.post('/', (request, reply) => {
  const message = read(request.body as Buffer)
  if (message === undefined) throw new Error('nothing was read')
  if (answer.contentType !== undefined) reply.type(answer.contentType)
  return reply.code(answer.status).send(answer.body)
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
