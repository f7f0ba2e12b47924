import type { KeyQuotas } from '@runnel/contracts'
import { createKey } from '@runnel/http'
import { addKey } from '@runnel/repositories-access'
import { connectDatabase } from '@runnel/repositories-database'
import { JSON_HEADERS, type Target } from '../load/load-generator.ts'
import { createItems } from '../metric-items.ts'
import { openApp } from '../open-app.ts'
import type { ProcessCosts } from '../process-costs.ts'
import { openNats, openPostgres } from '../stores.ts'
import { StreamView } from '../brokers/stream-view.ts'

const MAX_KEYS = 10
const IDENTITY_SECRET = 'of the bench alone, and of nothing that is kept'

/** ingest-api that asks for keys, over stores of this row alone. */
export interface KeyedIntake {
  readonly stores: Readonly<Record<'NATS_URL' | 'DATABASE_URL', string>>
  /** The address of what is POSTed to. */
  readonly url: string
  readonly stream: StreamView
  /** @returns the texts of the keys, one for each of the quotas */
  readonly keys: readonly string[]
}

/** @param quotas of the keys that are to be there when the app starts */
export async function openKeyedIntake(
  stack: AsyncDisposableStack,
  costs: ProcessCosts,
  quotas: readonly KeyQuotas[],
): Promise<KeyedIntake> {
  const [nats, postgres] = await Promise.all([openNats(stack, costs), openPostgres(stack, costs)])
  const keys = await storeKeys(postgres.url, quotas)
  const stores = { NATS_URL: nats.url, DATABASE_URL: postgres.url }
  const ingest = await openApp(stack, costs, 'ingest-api', { ...stores, AUTH: 'keys', IDENTITY_SECRET })
  const stream = await StreamView.open(stack, nats.url, 'metrics')
  return { stores, url: ingest.url, stream, keys }
}

/** POSTs of one metric. @param authorization empty for none */
export function singleMetric(url: string, authorization: string): Target {
  return {
    url: `${url}/api/v1/metrics`,
    body: JSON.stringify(createItems(1)[0]),
    headers: authorization === '' ? JSON_HEADERS : { ...JSON_HEADERS, authorization },
  }
}

async function storeKeys(url: string, quotas: readonly KeyQuotas[]): Promise<string[]> {
  const connection = { applicationName: 'bench', poolSize: 1, statementTimeoutMs: 10_000 }
  const database = connectDatabase({ url, ...connection })
  try {
    const texts: string[] = []
    for (const [n, quota] of quotas.entries()) {
      const { id, sha256, text } = createKey()
      const what = { name: `sender ${n}`, kind: 'live', scopes: ['metrics:write'], networks: [] } as const
      const key = { ...what, id, sha256, namespace: '', quotas: quota, expiresAt: null }
      await addKey(database, key, 'bench', MAX_KEYS)
      texts.push(text)
    }
    return texts
  } finally {
    await database.close()
  }
}
