import { afterAll, describe, expect, it } from '@jest/globals'
import { Client as ElasticClient } from '@elastic/elasticsearch'
import { Client as OpenSearchClient } from '@opensearch-project/opensearch'
import type { ClientPlatform } from '../platform/client-platform.ts'
import { timestampOf } from '../platform/times.ts'

const NANOS = '123456789'
const INDEX = 'shop'

interface Document {
  readonly '@timestamp': string
  readonly message: string
  readonly log: { readonly level: string }
  readonly service: { readonly name: string }
  readonly order: number
}

interface BulkOptions {
  readonly retries: number
  readonly wait: number
  readonly datasource: Document[]
  readonly onDocument: (document: Document) => { index: { _index: string } }
  readonly onDrop?: (dropped: { readonly status: number; readonly document: Document }) => void
}

/** What both clients have. */
interface BulkClient {
  readonly helpers: { bulk(options: BulkOptions): Promise<unknown> }
  close(): Promise<unknown>
}

/** As often as it takes; the clients wait twice as long each time. */
const PATIENT = { retries: 12, wait: 50 }

/** Clients: @elastic/elasticsearch and @opensearch-project/opensearch, by their helpers for bulk requests. */
export function testElasticsearch(platform: () => ClientPlatform): void {
  const clients: BulkClient[] = []
  const keep = <Client extends BulkClient>(client: Client): Client => {
    clients.push(client)
    return client
  }
  const elastic = () => {
    const apiKey = { id: 'shop', api_key: platform().key }
    return keep(new ElasticClient({ node: platform().ingest, auth: { apiKey } }))
  }
  const openSearch = () => {
    const auth = { username: 'shop', password: platform().key }
    return keep(new OpenSearchClient({ node: platform().ingest, auth }))
  }
  afterAll(() => Promise.all(clients.map((client) => client.close())))
  const documents = (service: string, messages: readonly string[]): Document[] =>
    messages.map((message, n) => ({
      '@timestamp': timestampOf(platform().sentMs + n * 1000, NANOS),
      ...{ message, log: { level: 'warn' }, service: { name: service }, order: 17 + n },
    }))
  const expected = (service: string, messages: readonly string[]) =>
    documents(service, messages).map((document, n) => ({
      ...{ message: document.message, service, level: 'warn', data: { ...document, _index: INDEX } },
      occurredAt: timestampOf(platform().sentMs + n * 1000, '123'),
    }))

  describe('Elasticsearch bulk', () => {
    it('what @elastic/elasticsearch creates is stored once, with its nanoseconds, level and members', async () => {
      const service = 'elastic'
      const stats = await elastic().helpers.bulk({
        datasource: documents(service, ['naïve 漢字 😀', 'second']),
        onDocument: ({ order }) => ({ create: { _index: INDEX, _id: `${service}-${order}` } }),
      })
      expect(stats).toMatchObject({ total: 2, successful: 2, failed: 0, retry: 0 })
      const logs = await platform().stored.logsOf(service, 2)
      expect(logs).toMatchObject(expected(service, ['naïve 漢字 😀', 'second']))
      expect(logs).toMatchObject([{ data: { _id: 'elastic-17' } }, { data: { _id: 'elastic-18' } }])
    })

    it('what @opensearch-project/opensearch indexes is stored once, with its nanoseconds, level and members', async () => {
      const service = 'opensearch'
      const stats = await openSearch().helpers.bulk({
        datasource: documents(service, ['first', 'second']),
        onDocument: () => ({ index: { _index: INDEX } }),
      })
      expect(stats).toMatchObject({ total: 2, successful: 2, failed: 0, retry: 0 })
      expect(await platform().stored.logsOf(service, 2)).toMatchObject(expected(service, ['first', 'second']))
    })

    it('both send again while the broker is away, and every document is stored once', async () => {
      const services = ['elastic-outage', 'opensearch-outage'] as const
      const send = (client: BulkClient, service: string) =>
        client.helpers.bulk({
          ...PATIENT,
          datasource: documents(service, ['first', 'second']),
          onDocument: () => ({ index: { _index: INDEX } }),
        })
      let sent: Promise<unknown> | undefined
      await platform().withoutBroker(async (outage) => {
        sent = Promise.all([send(elastic(), services[0]), send(openSearch(), services[1])])
        // Each has sent once, and the others are repeats.
        await outage.refused('elasticsearch-bulk', 4)
      })
      expect(await sent).toMatchObject(services.map(() => ({ successful: 2, failed: 0 })))
      for (const service of services) {
        const logs = await platform().stored.logsOf(service, 2)
        expect(logs).toMatchObject(expected(service, ['first', 'second']))
      }
    })

    it.each([
      ['@elastic/elasticsearch', elastic, 'elastic-refused'],
      ['@opensearch-project/opensearch', openSearch, 'opensearch-refused'],
    ] as const)(
      'a document that cannot be stored costs itself alone, and %s drops it',
      async (_, connect, service) => {
        const dropped: unknown[] = []
        const client: BulkClient = connect()
        const stats = await client.helpers.bulk({
          ...PATIENT,
          datasource: documents(service, ['before', 'NUL \0', 'after']),
          onDocument: () => ({ index: { _index: INDEX } }),
          onDrop: ({ status, document }) => void dropped.push([status, document.message]),
        })
        expect(stats).toMatchObject({ successful: 2, failed: 1, retry: 0 })
        expect(dropped).toEqual([[400, 'NUL \0']])
        const logs = await platform().stored.logsOf(service, 2)
        expect(logs.map(({ message }) => message)).toEqual(['before', 'after'])
      },
    )
  })
}
