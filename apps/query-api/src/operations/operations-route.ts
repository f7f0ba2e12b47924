import type { JsonValue } from '@runnel/contracts'
import { APPS, APP_NAMES, type AppName } from '@runnel/contracts/apps'
import { OperationsSchema, type AppOperations } from '@runnel/contracts/api/operations'
import {
  createAppFetch,
  createHostCheck,
  createSignOwn,
  documentOf,
  DEFAULT_HTTP_OPTIONS,
  ProblemSchema,
  type HttpOptions,
  type HttpServer,
} from '@runnel/http'
import { Type } from 'typebox'
import { addressAtHost } from '../address-at-host.ts'
import { explainNoAnswer } from '../explain-no-answer.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { readBounded } from '../read-bounded.ts'
import { remember } from '../remember.ts'
import type { ServiceName, Services } from '../services.ts'
import { parseDocument } from './parse-document.ts'

/** Documents change with a release alone; an app that was away is to be seen soon. */
const KEPT_MS = 10_000
const TIMEOUT_MS = 5000
/** Several times what the largest has. */
const MAX_DOCUMENT_BYTES = 4 * 1024 ** 2

interface OperationsRouteOptions {
  readonly services: Services
  /** Whether all apps are this process, whose ports are all open. Default: each is one of its own. */
  readonly oneProcess?: boolean | undefined
  readonly ingestPublicUrl?: string | undefined
  readonly httpOptions?: HttpOptions | undefined
  readonly signal: AbortSignal
}

type Found = Pick<AppOperations, 'problem' | 'operations' | 'isCut'>

/** GET /api/v1/operations: what every app offers, read from the OpenAPI document of each, so that the console needs one origin. */
export function addOperationsRoute(app: HttpServer, options: OperationsRouteOptions): void {
  const { services, signal, httpOptions = DEFAULT_HTTP_OPTIONS } = options
  const hosts = createHostCheck(httpOptions)
  const signOwn = createSignOwn(httpOptions.access, ['system:read'])
  const { fetch, close } = createAppFetch(httpOptions.tls)
  app.addHook('onClose', close)
  const readOther = async (name: ServiceName): Promise<JsonValue> => {
    const response = await fetch(`${services[name]}/docs/json`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      redirect: 'error',
      headers: signOwn(name, 'GET', '/docs/json'),
    })
    if (!response.ok) throw new Error(`answered ${response.status}`)
    return JSON.parse(await readBounded(response, MAX_DOCUMENT_BYTES)) as JsonValue
  }
  const readDocument = (name: AppName) =>
    name === 'query-api' ? Promise.resolve(documentOf(app) as JsonValue) : readOther(name)
  const readAll = remember(
    () => Promise.all(APP_NAMES.map((name) => readOperations(name, readDocument))),
    KEPT_MS,
  )
  app.get(
    '/api/v1/operations',
    {
      config: { access: 'signed-in' },
      preValidation: checkParameters,
      schema: {
        tags: ['system'],
        summary: 'Every operation of every app, with the scope that it needs',
        querystring: Type.Object({}),
        response: { 200: OperationsSchema, default: ProblemSchema },
      },
    },
    async ({ raw }) => {
      const all = await readAll()
      const host = hosts.publicHostOf(raw)
      return {
        apps: APP_NAMES.map((name, i) => ({
          name,
          summary: APPS[name].summary,
          docsUrl: docsUrlOf(name, options, host),
          ...all[i]!,
        })),
      }
    },
  )
}

/** Never throws: why an app has not answered is its problem. */
async function readOperations(name: AppName, read: (name: AppName) => Promise<JsonValue>): Promise<Found> {
  const routes: readonly string[] = APPS[name].forwardedRoutes
  const isForwarded = (path: string) => routes.some((route) => path === route || path.startsWith(`${route}/`))
  try {
    return { problem: null, ...parseDocument(await read(name), isForwarded) }
  } catch (error) {
    return { problem: explainNoAnswer(error as Error), operations: [], isCut: false }
  }
}

/** People reach this app where they are; of the others, those whose ports are published. */
function docsUrlOf(
  name: AppName,
  { services, oneProcess = false, ingestPublicUrl = '' }: OperationsRouteOptions,
  host: string | undefined,
): string | null {
  if (name === 'query-api') return '/docs'
  if (name === 'ingest-api' && ingestPublicUrl !== '') return `${ingestPublicUrl.replace(/\/+$/, '')}/docs`
  return oneProcess || APPS[name].published ? `${addressAtHost(services[name], host)}/docs` : null
}
