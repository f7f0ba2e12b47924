import { AppError, type Scope } from '@runnel/contracts'
import type { FastifySchema, HTTPMethods } from 'fastify'
import type { DecodeLimits, WireFormat, WireRoute } from '../wire-format.ts'
import type { Inflate } from './inflate.ts'

export interface BodyLimits {
  /** As received, and again after inflating. */
  readonly bodyLimitBytes: number
  readonly batchLimitItems: number
  readonly eventLimitBytes: number
}

/** A format at one of its routes. */
export interface ServedFormat {
  readonly format: WireFormat
  readonly route: WireRoute
  readonly limits: DecodeLimits
}

/** What may read a body of one media type at one route. */
export interface FormatChoice {
  /** In the order in which they are asked; never empty. */
  readonly formats: readonly ServedFormat[]
  readonly encodings: ReadonlyMap<string, Inflate>
}

/** One method and URL, with all formats that it takes. */
export interface Endpoint {
  readonly method: HTTPMethods
  readonly url: string
  readonly access: Scope | readonly Scope[]
  readonly schema: FastifySchema
  /** Reads a request without a content type, and answers what goes wrong before the format is known. */
  readonly first: FormatChoice
  readonly byType: ReadonlyMap<string, FormatChoice>
  /** For every other media type. */
  readonly anyType: FormatChoice | undefined
  /** A format of it has errors in a form of its own. */
  readonly answersErrors: boolean
  /** For people: what the content type may be. */
  readonly expectedTypes: string
}

/** Sorts formats by the routes that they serve, once at start. */
export function createEndpoints(formats: readonly WireFormat[], limits: BodyLimits): Endpoint[] {
  const served = formats.flatMap((format) =>
    format.routes.map((route): ServedFormat => {
      const { batchLimitItems, ...bytes } = limits
      return { format, route, limits: { ...bytes, maxItems: format.maxItems ?? batchLimitItems } }
    }),
  )
  const byAddress = Object.groupBy(served, ({ route }) => `${methodOf(route)} ${route.url}`)
  return Object.values(byAddress).map((sharing) => createEndpoint(sharing!))
}

function methodOf({ method = 'POST' }: WireRoute): HTTPMethods {
  return method
}

function createEndpoint(served: readonly ServedFormat[]): Endpoint {
  const { route, format } = served[0]!
  const takes = (type: string) => served.filter((one) => one.format.mediaTypes.includes(type))
  const rest = takes('*')
  const types = new Set(served.flatMap((one) => one.format.mediaTypes))
  types.delete('*')
  const byType = new Map([...types].map((type) => [type, createChoice([...takes(type), ...rest])]))
  const mainTypes = new Set(served.map((one) => one.format.mediaTypes[0]!))
  return {
    method: methodOf(route),
    url: route.url,
    access: commonAccess(served),
    schema: route.schema,
    first: byType.get(format.mediaTypes[0]!) ?? createChoice(rest),
    byType,
    anyType: rest.length > 0 ? createChoice(rest) : undefined,
    answersErrors: served.some((one) => one.format.answerError !== undefined),
    expectedTypes: [...mainTypes].join(' or '),
  }
}

/** @throws Error where formats that share a route would let different callers in */
function commonAccess(served: readonly ServedFormat[]): WireRoute['access'] {
  const { access, url } = served[0]!.route
  const differs = served.find(({ route }) => String(route.access) !== String(access))
  if (differs) throw new Error(`The format ${differs.format.name} asks for another access at ${url}`)
  return access
}

function createChoice(formats: readonly ServedFormat[]): FormatChoice {
  return { formats, encodings: new Map(formats.flatMap(({ format }) => [...(format.encodings ?? [])])) }
}

/**
 * @param contentType of the request
 * @throws AppError unsupported_media_type
 */
export function chooseFormats(endpoint: Endpoint, contentType: string | undefined): FormatChoice {
  if (contentType === undefined) return endpoint.first
  const choice = endpoint.byType.get(contentType) ?? parseContentType(endpoint, contentType)
  if (choice) return choice
  throw new AppError(
    'unsupported_media_type',
    `The content type is not supported: send ${endpoint.expectedTypes}`,
    {
      field: 'content-type',
      expected: endpoint.expectedTypes,
    },
  )
}

function parseContentType(endpoint: Endpoint, contentType: string): FormatChoice | undefined {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase())
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) return undefined
  return endpoint.byType.get(type) ?? endpoint.anyType
}

/** @returns the format that answers what went wrong before a body was read */
export function formatOfFailure(endpoint: Endpoint, contentType: string | undefined): WireFormat {
  const choice =
    contentType === undefined ? endpoint.first : (parseContentType(endpoint, contentType) ?? endpoint.first)
  return choice.formats[0]!.format
}
