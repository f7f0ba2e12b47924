import { connectRedisOnce } from '@runnel/testing'
import { fastify } from 'fastify'

/** The most that a read by way of Redis could do on Fastify: one GET for each request, whose text is sent as it is. */
const [, , port, redisUrl = ''] = process.argv

const redis = connectRedisOnce(redisUrl)
await redis.connect()
const app = fastify()
app.get<{ Params: { id: string } }>('/api/v1/products/:id', async (request, reply) => {
  const text = await redis.get(`product:${request.params.id}`)
  if (text === null) return reply.code(404).send()
  return reply.header('content-type', 'application/json; charset=utf-8').send(text)
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
