import { createStrictAjv, MetricSchema } from '@runnel/contracts'
import { fastify } from 'fastify'
import { Type } from 'typebox'
import { gunzipSync } from 'node:zlib'

/**
 * The most that an intake on Fastify could do: its own JSON parser, the schema of a metric, an answer. No ids, no
 * broker, no metrics, no check beyond the schema.
 */
const Item = Type.Unsafe({ ...MetricSchema, $id: undefined })
const Accepted = Type.Object({ status: Type.String(), accepted: Type.Optional(Type.Integer()) })

const app = fastify({ bodyLimit: 5 * 1024 * 1024 })
const ajv = createStrictAjv()
app.setValidatorCompiler(({ schema }) => ajv.compile(schema as object))
// Bodies of some KB: inflating them here takes less than handing them to another thread.
app.addContentTypeParser('application/x-ndjson', { parseAs: 'buffer' }, (_request, body, done) => {
  const lines = gunzipSync(body).toString().trimEnd().split('\n')
  done(
    null,
    lines.map((line) => JSON.parse(line) as unknown),
  )
})
app.post('/single', { schema: { body: Item, response: { 202: Accepted } } }, (_request, reply) =>
  reply.code(202).send({ status: 'ok' }),
)
app.post('/batch', { schema: { body: Type.Array(Item), response: { 202: Accepted } } }, (request, reply) =>
  reply.code(202).send({ status: 'ok', accepted: (request.body as unknown[]).length }),
)
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) })
