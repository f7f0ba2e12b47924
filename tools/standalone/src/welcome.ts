import { APP_NAMES, APPS } from '@runnel/contracts/apps'
import { relative } from 'node:path'
import { styleText } from 'node:util'
import type { StandaloneConfig } from './config.ts'
import type { LoadedSample } from './load-sample.ts'
import { urlOf } from './url-of.ts'

/**
 * What is printed once all is ready: where everything is, and a line to paste for each thing that it can do.
 *
 * @param loaded where this was the first start
 * @param command by which a person starts it
 */
export function welcome(config: StandaloneConfig, loaded: LoadedSample | undefined, command: string): string {
  const width = Math.max(...APP_NAMES.map((name) => name.length))
  const table = APP_NAMES.map(
    (name) =>
      `  ${name.padEnd(width)}  ${styleText('cyan', urlOf(config, name))}  ${styleText('dim', APPS[name].summary)}`,
  )
  const folder = relative(process.cwd(), config.dataDir) || config.dataDir
  const sample = loaded ? ', with a small sample in it' : ''
  return [
    '',
    `${styleText('bold', 'Runnel is ready.')} Its data is in ${folder}${sample}.`,
    '',
    ...table,
    styleText('dim', '  each with /docs, /healthz, /readyz and /metrics'),
    ...gatewayNote(config),
    '',
    ...lines(config, loaded).flatMap(([what, command]) =>
      what ? [styleText('dim', `# ${what}`), command] : [command],
    ),
    '',
    styleText('dim', `Ctrl-C stops it; ${command} brings it back with all its data.`),
    '',
  ].join('\n')
}

/** Messages that leave the machine are worth a line. */
function gatewayNote({ dispatcher }: StandaloneConfig): readonly string[] {
  const { url } = dispatcher.sending.gateway
  if (url === undefined) return []
  const { host } = new URL(url)
  return ['', `${styleText('bold', 'Mailings go out')} through the gateway at ${host} (GATEWAY_URL).`]
}

function lines(
  config: StandaloneConfig,
  loaded: LoadedSample | undefined,
): readonly (readonly [what: string, command: string])[] {
  const ingest = urlOf(config, 'ingest-api')
  const query = urlOf(config, 'query-api')
  const simulator = urlOf(config, 'producer-sim')
  const asksForKeys = config.access.auth === 'keys'
  const curl = asksForKeys ? 'curl -H "Authorization: Bearer $RUNNEL_API_KEY"' : 'curl'
  const post = (route: string, body: string) =>
    `${curl} ${ingest}${route} -H 'content-type: application/json' -d '${body}'`
  return [
    ...(asksForKeys ? [['the key that these commands send', 'export RUNNEL_API_KEY=rnl_...'] as const] : []),
    [
      'store a metric, a log, a product',
      post('/api/v1/metrics', '{"data":{"name":"temperature","value":21.5}}'),
    ],
    ['', post('/log', '{"level":"info","message":"hello"}')],
    ['', post('/api/v1/products', '{"id":9,"name":"pen","price":10.5,"manufacturer":"bic"}')],
    ['read products, logs and a series', `${curl} ${query}/products`],
    ['', `${curl} '${query}/api/v1/logs?limit=5'`],
    ['', `${curl} '${query}/api/v1/metrics/series?name=temperature&agg=avg&step=1h'`],
    loaded?.mailingId !== undefined
      ? [
          'a mailing that is being sent to a dozen clients',
          `${curl} ${query}/api/v1/mailings/${loaded.mailingId}/stats`,
        ]
      : ['statistics of all mailings', `${curl} ${query}/api/v1/mailings/stats`],
    ...(config.dispatcher.sending.gateway.url === undefined
      ? [['messages that the fake gateway received', `${curl} ${simulator}/api/v1/gateway/calls`] as const]
      : []),
    ['a steady stream of events', `${curl} -X POST ${simulator}/api/v1/stream/start`],
  ]
}
