import { fastify } from 'fastify'

/** The most that a read on Fastify could do: routes that send the same ready-made JSON text whatever is asked. */
const [, , port, text = ''] = process.argv

const app = fastify()
for (const route of ['/api/v1/products', '/api/v1/products/:id']) {
  app.get(route, (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(text),
  )
}
await app.listen({ host: '127.0.0.1', port: Number(port) })
