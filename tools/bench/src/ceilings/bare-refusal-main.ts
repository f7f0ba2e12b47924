import { fastify } from 'fastify'

/** The cheapest refusal on Fastify: 429 with the same text, before the body is read. */
const [, , port, text = ''] = process.argv

const app = fastify()
app.addHook('onRequest', (_request, reply) => reply.code(429).type('application/problem+json').send(text))
app.post('/api/v1/metrics', () => '')
await app.listen({ host: '127.0.0.1', port: Number(port) })
