import { fastify } from 'fastify'
import { Pool } from 'pg'

/** The most that a read from PostgreSQL could do on Fastify: one prepared SELECT by id for each request, sent as JSON. */
const [, , port, databaseUrl = ''] = process.argv

/** DATABASE_POOL_SIZE of query-api. */
const CONNECTIONS = 4

const QUERY = {
  name: 'product',
  text: `select id::float8 as id, name, price::float8 as price, manufacturer, attributes, version::float8 as version,
    floor(extract(epoch from updated_at) * 1000)::float8 as "updatedAtMs" from product where id = $1`,
}

const pool = new Pool({ connectionString: databaseUrl, max: CONNECTIONS })
const app = fastify()
app.get<{ Params: { id: string } }>('/api/v1/products/:id', async (request, reply) => {
  const { rows } = await pool.query({ ...QUERY, values: [request.params.id] })
  if (rows.length === 0) return reply.code(404).send()
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(rows[0]))
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
