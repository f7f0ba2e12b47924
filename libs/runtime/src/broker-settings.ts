import { BROKER_VARIABLES } from '@runnel/contracts/apps'
import { findTlsFileProblems } from './tls-files.ts'
import { filePath, text } from './setting-types.ts'
import { checked, type Setting, type SettingsOf } from './settings.ts'

/** Schemes of BROKER_URL. The driver of each stands in libs/messaging/src/connect-broker.ts, where the compiler asks for it. */
const BROKER_SCHEMES = ['nats', 'tls', 'amqp', 'amqps'] as const

export type BrokerScheme = (typeof BROKER_SCHEMES)[number]

/** An nkey seed of a user: 58 characters of base32 that begin with SU. */
const USER_SEED = /^(?:SU[A-Z2-7]{56})?$/
const MAX_SERVERS = 20

const [VARIABLE, ...ALIASES] = BROKER_VARIABLES

const brokerUrl: Setting<string> = {
  variable: VARIABLE,
  aliases: ALIASES,
  fallback: 'nats://127.0.0.1:4222',
  description:
    'The broker, also as BROKER_URL or RABBITMQ_URL. NATS with JetStream: nats:// or, for TLS, tls://, then user:password@ or token@ where there is a login; RabbitMQ: amqp:// or amqps://, a virtual host as the path; servers of a cluster with commas between them',
  holdsSecret: true,
  parse: parseBrokerUrl,
}

/** What every app that talks to the broker reads. */
export const brokerSettings = {
  url: brokerUrl,
  access: checked(
    {
      credsFile: filePath('NATS_CREDS_FILE', 'File with the JWT and the seed of a NATS user'),
      nkeySeed: text('NATS_NKEY_SEED', '', 'Seed of the NKey of a NATS user', {
        pattern: USER_SEED,
        expected: 'the seed of a user: SU and 56 characters of base32',
        secret: true,
      }),
      caFile: filePath(
        'NATS_CA_FILE',
        'Certificates (PEM) of the authorities that the broker is trusted by, in place of those of Node.js; asks NATS for TLS',
      ),
      certFile: filePath(
        'NATS_CERT_FILE',
        'Certificate (PEM) that Runnel shows to the broker; asks NATS for TLS',
      ),
      keyFile: filePath('NATS_KEY_FILE', 'Private key (PEM) of NATS_CERT_FILE'),
    },
    ({ credsFile, nkeySeed, ...files }) => [
      ...(credsFile !== '' && nkeySeed !== ''
        ? ['NATS_CREDS_FILE and NATS_NKEY_SEED are both set: keep one of them']
        : []),
      ...findTlsFileProblems('NATS', files),
    ],
  ),
  subjectPrefix: text('SUBJECT_PREFIX', '', 'Goes before every subject, stream, durable and cache key', {
    pattern: /^[A-Za-z0-9_-]{0,32}$/,
    expected: 'up to 32 letters, digits, _ or -',
  }),
}

/** How an app logs in to the broker, and whom it trusts; empty texts for what is not set. */
export type BrokerAccess = SettingsOf<typeof brokerSettings>['access']

function parseBrokerUrl(value: string): string {
  const servers = value.split(',').map((server) => server.trim())
  if (servers.length > MAX_SERVERS) throw new Error(`at most ${MAX_SERVERS} servers`)
  const schemes = new Set(servers.map(schemeOf))
  const known: readonly string[] = BROKER_SCHEMES
  if (![...schemes].every((scheme) => known.includes(scheme)))
    throw new Error(
      `a URL that starts with ${BROKER_SCHEMES.join(':// or ')}://, or several with commas between them`,
    )
  if (schemes.size > 1) throw new Error(`one of ${BROKER_SCHEMES.join('://, ')}:// for all servers alike`)
  return value
}

function schemeOf(server: string): string {
  return URL.canParse(server) && new URL(server).hostname !== '' ? new URL(server).protocol.slice(0, -1) : ''
}
