import { createEventIds, createStrictAjv, MetricSchema } from '@runnel/contracts'
import { fastify } from 'fastify'
import { Pool } from 'pg'
import { Type } from 'typebox'

/**
 * The least that it takes to answer once the row is committed: Fastify, the schema, and one INSERT for all requests that came
 * while the one before was under way. No broker, no second process, no keys, no redelivery.
 */
const [, , port, connectionString = ''] = process.argv

/** BATCH_CONCURRENCY of the consumer. */
const CONNECTIONS = 2

const INSERT = `
  insert into metric (id, received_at, occurred_at, name, value, unit, tags, data)
  select r.id, now(), now(), r.data->>'name', (r.data->>'value')::float8, r.data->>'unit', r.data->'tags', r.data
  from json_to_recordset($1::json) as r(id uuid, data jsonb)`

interface Waiting {
  readonly row: object
  resolve(): void
  reject(error: unknown): void
}

const pool = new Pool({ connectionString, max: CONNECTIONS })
const nextId = createEventIds()
let waiting: Waiting[] = []
let underWay = 0

function store(row: object): Promise<void> {
  return new Promise((resolve, reject) => {
    waiting.push({ row, resolve, reject })
    if (underWay < CONNECTIONS) void commitAll()
  })
}

async function commitAll(): Promise<void> {
  underWay++
  // Requests that are being read just now belong to the same group.
  await new Promise(setImmediate)
  while (waiting.length > 0) {
    const group = waiting
    waiting = []
    try {
      await pool.query(INSERT, [JSON.stringify(group.map(({ row }) => row))])
      for (const { resolve } of group) resolve()
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }
  underWay--
}

const Item = Type.Unsafe<{ data: object }>({ ...MetricSchema, $id: undefined })
const Stored = Type.Object({ status: Type.String() })

const app = fastify()
const ajv = createStrictAjv()
app.setValidatorCompiler(({ schema }) => ajv.compile(schema as object))
app.post('/single', { schema: { body: Item, response: { 200: Stored } } }, async (request) => {
  await store({ id: nextId(), data: (request.body as { data: object }).data })
  return { status: 'stored' }
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
