import type { IssuedKey, KeyInput } from '@runnel/contracts/api/access-key'
import { eventually, onFreePorts, spawnPlatform, startNats } from '@runnel/testing'
import { chooseListenerPorts, type ListenerSetting } from '../../src/listeners.ts'
import { Outage } from './outage.ts'
import { StoredEvents } from './stored-events.ts'

const APPS = ['ingest-api', 'consumer', 'query-api', 'message-dispatcher'] as const
const IDENTITY_SECRET = 'identity-secret-of-the-clients-0001'
const FLUENT_SHARED_KEY = 'shared-key-of-the-clients'
/** The first request of an outage is answered after this, later ones at once. */
const PUBLISH_DEADLINE_MS = '2000'
/** Events are sent with times of the past, which no clock comes near while the tests run. */
const PAST_MS = 600_000

/** All that clients need of Runnel, with keys required and every listener open, over a broker that can be stopped. */
export interface ClientPlatform extends AsyncDisposable {
  /** Base URL of ingest-api. */
  readonly ingest: string
  /** May write logs, metrics and, as CloudEvents ask for it, products. */
  readonly key: string
  /** Of the forward protocol, which knows no API keys. */
  readonly fluentSharedKey: string
  /** A whole second some minutes ago, in milliseconds since 1970. */
  readonly sentMs: number
  readonly stored: StoredEvents
  portOf(listener: ListenerSetting): number
  /** Stops the broker while `send` runs. Afterwards ingest-api is ready again. */
  withoutBroker(send: (outage: Outage) => Promise<void>): Promise<void>
}

/** @throws Error with the log of what does not come up */
export async function startClientPlatform(): Promise<ClientPlatform> {
  await using starting = new AsyncDisposableStack()
  const nats = starting.use(await startNats())
  const { settings, platform } = await onFreePorts(() => spawnApps(nats.url))
  const { apps } = starting.use(platform)
  const dispatcher = apps['message-dispatcher']
  const adminKey = await eventually(() => /rnl_[a-z2-7]+_\w+/.exec(dispatcher.logs())?.[0])
  const ingest = apps['ingest-api'].url
  const query = apps['query-api'].url
  // Each app learns of a new key by a notice, or within a poll; message-dispatcher of the first one as well.
  const createKey = async (input: KeyInput) => {
    const { key } = await eventually(() => issueKey(dispatcher.url, adminKey, input))
    for (const app of [ingest, query]) await eventually(() => isKnown(app, key))
    return key
  }
  const key = await createKey({ name: 'clients', scopes: ['logs:write', 'metrics:write', 'products:write'] })
  const reader = await createKey({ name: 'reader', scopes: ['logs:read', 'metrics:read', 'metrics:scrape'] })
  const isReady = async () => (await fetch(`${ingest}/readyz`)).status === 200
  const running = starting.move()
  return {
    ...{ ingest, key, fluentSharedKey: FLUENT_SHARED_KEY },
    sentMs: Math.floor((Date.now() - PAST_MS) / 1000) * 1000,
    stored: new StoredEvents(query, reader),
    portOf: (listener) => Number(settings[listener]),
    withoutBroker: async (send) => {
      const outage = await Outage.begin(ingest, reader)
      try {
        await nats.stop()
        await eventually(async () => !(await isReady()))
        await send(outage)
      } finally {
        await nats.restart()
        await eventually(isReady)
      }
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

async function spawnApps(natsUrl: string) {
  const { settings } = await chooseListenerPorts()
  const platform = await spawnPlatform({
    apps: APPS,
    env: { NATS_URL: natsUrl, AUTH: 'keys', IDENTITY_SECRET },
    appEnv: { 'ingest-api': { ...settings, FLUENT_SHARED_KEY, PUBLISH_DEADLINE_MS } },
  })
  return { settings, platform }
}

async function issueKey(dispatcher: string, adminKey: string, input: KeyInput): Promise<IssuedKey> {
  const answer = await fetch(`${dispatcher}/api/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
  if (!answer.ok) throw new Error(`No key was made: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as IssuedKey
}

async function isKnown(app: string, key: string): Promise<boolean> {
  return (await fetch(`${app}/docs/json`, { headers: { authorization: `Bearer ${key}` } })).status === 200
}
