import type { WireAnswer, WireHandshake, WireRequest } from '../../wire-format.ts'
import { answerFailure, answerJson } from './elastic-answer.ts'

/**
 * What Runnel says that it is. Clients of 7.17 look for a version from 7.14 on; later ones, and those of 9, for the product header
 * alone. Shippers choose by it what they send, and from 8 on that is without types of documents.
 */
const VERSION = '8.19.0'

const CLUSTER = { cluster_name: 'runnel' }
const SHARDS = { _shards: { total: 1, successful: 1, failed: 0 } }

const INFO = {
  name: 'runnel',
  ...CLUSTER,
  cluster_uuid: 'runnel',
  version: {
    number: VERSION,
    build_flavor: 'default',
    build_type: 'tar',
    build_hash: 'unknown',
    build_date: '1970-01-01T00:00:00.000Z',
    build_snapshot: false,
    lucene_version: '9.12.2',
    minimum_wire_compatibility_version: '7.17.0',
    minimum_index_compatibility_version: '7.0.0',
  },
  tagline: 'You Know, for Search',
}

const HEALTH = {
  ...CLUSTER,
  status: 'green',
  timed_out: false,
  number_of_nodes: 1,
  number_of_data_nodes: 1,
  active_primary_shards: 1,
  active_shards: 1,
  relocating_shards: 0,
  initializing_shards: 0,
  unassigned_shards: 0,
  active_shards_percent_as_number: 100,
}

const LICENSE = { uid: 'runnel', type: 'basic', mode: 'basic', status: 'active' }

/** Features that shippers would make use of. */
const XPACK = { license: LICENSE, features: { ilm: { available: false, enabled: false } } }

/** What shippers set up before they write, by where it is: none of it changes what Runnel stores, and none is kept. */
const SETUPS: Readonly<Record<string, object>> = {
  '/_index_template': { index_templates: [] },
  '/_component_template': { component_templates: [] },
  '/_template': {},
  '/_ingest/pipeline': {},
  '/_ilm/policy': {},
  '/_data_stream': { data_streams: [] },
}

/** What clients ask before they send documents, between, and after. */
export const ELASTIC_HANDSHAKES: readonly WireHandshake[] = [
  reading('/', 'The name and the version', () => INFO),
  reading('/_cluster/health', 'The state of the cluster', () => HEALTH),
  reading('/_cluster/health/:index', 'The state of an index', () => HEALTH),
  reading('/_license', 'The license', () => ({ license: LICENSE })),
  reading('/_xpack', 'The features', () => XPACK),
  reading('/_nodes', 'The nodes', describeNodes),
  reading('/_nodes/*', 'The nodes', describeNodes),
  ...['/_refresh', '/:index/_refresh'].flatMap((url) => [
    reading(url, 'Documents are found once they are stored: does nothing', () => SHARDS),
    {
      ...reading(url, 'Documents are found once they are stored: does nothing', () => SHARDS),
      method: 'POST' as const,
    },
  ]),
  ...Object.entries(SETUPS).flatMap(([url, none]) => [
    reading(url, 'What is set up: nothing', () => none),
    naming('GET', `${url}/:name`, 'What is set up under a name: nothing', notFound),
    naming('PUT', `${url}/:name`, 'Acknowledges a set-up; it is not kept', acknowledge),
    naming('POST', `${url}/:name`, 'Acknowledges a set-up; it is not kept', acknowledge),
  ]),
  naming('HEAD', '/:index', 'Whether an index can be written to: always', () => answerJson(200, '')),
]

function reading(url: string, summary: string, describe: (request: WireRequest) => object): WireHandshake {
  return naming('GET', url, summary, (request) => answerJson(200, JSON.stringify(describe(request))))
}

function naming(
  method: WireHandshake['method'],
  url: string,
  summary: string,
  answer: (request: WireRequest) => WireAnswer,
): WireHandshake {
  return { method, url, summary, access: 'signed-in', answer }
}

function acknowledge(): WireAnswer {
  return answerJson(200, JSON.stringify({ acknowledged: true }))
}

function notFound({ url }: WireRequest): WireAnswer {
  return answerFailure(404, { code: 'not_found', message: `Nothing is set up at ${url}` })
}

/** Clients that look for nodes go on with the address that they came by; what runs no pipelines has no processors. */
function describeNodes({ headers }: WireRequest): object {
  const address = headers.host ?? ''
  const node = {
    name: 'runnel',
    version: VERSION,
    roles: ['data', 'ingest', 'master'],
    http: { publish_address: address, bound_address: [address] },
    ingest: { processors: [] },
  }
  return { _nodes: { total: 1, successful: 1, failed: 0 }, ...CLUSTER, nodes: { runnel: node } }
}
