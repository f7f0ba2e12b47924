import { AppError, type Scope } from '@runnel/contracts'
import type { FastifySchema, HTTPMethods } from 'fastify'
import type { DecodeLimits, WireFormat, WireRoute } from '../wire-format.ts'
import type { Inflate } from './inflate.ts'

export interface BodyLimits {
  /** As received, and again after inflating. */
  readonly bodyLimitBytes: number
  readonly batchLimitItems: number
  readonly eventLimitBytes: number
  /** Of formats that take large bodies. */
  readonly largeBodyLimitBytes: number
  readonly largeBatchLimitItems: number
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
  /** As received, and again after inflating. */
  readonly bodyLimitBytes: number
  /** Bodies may be compressed though their request does not say so. */
  readonly mayBeCompressed: boolean
  /** What is over a quota is answered item by item. */
  readonly refusesByItem: boolean
  /** Reads a request without a content type, and answers what goes wrong before the format is known. */
  readonly first: FormatChoice
  readonly byType: ReadonlyMap<string, FormatChoice>
  /** For every other media type. */
  readonly anyType: FormatChoice | undefined
  /** For people: what the content type may be. */
  readonly expectedTypes: string
}

/** Sorts formats by the routes that they serve, once at start. */
export function createEndpoints(formats: readonly WireFormat[], limits: BodyLimits): Endpoint[] {
  const served = formats.flatMap((format) =>
    format.routes.map((route): ServedFormat => ({ format, route, limits: limitsOf(format, limits) })),
  )
  const byAddress = Object.groupBy(served, ({ route }) => `${methodOf(route)} ${route.url}`)
  return Object.values(byAddress).map((sharing) => createEndpoint(sharing!))
}

/**
 * Texts of events may come to as many limits of a body: each has what it shares with others, such as its resource or its labels. More
 * are an attack, or a client that should send fewer events at a time.
 */
const MAX_GROWTH = 10
/** The same of large bodies: in memory they come to as much as others. */
const MAX_GROWTH_OF_LARGE = 2

function limitsOf({ takesLargeBodies, takesLargeBatches }: WireFormat, limits: BodyLimits): DecodeLimits {
  const bodyLimitBytes = takesLargeBodies ? limits.largeBodyLimitBytes : limits.bodyLimitBytes
  return {
    eventLimitBytes: limits.eventLimitBytes,
    bodyLimitBytes,
    textsLimitChars: bodyLimitBytes * (takesLargeBodies ? MAX_GROWTH_OF_LARGE : MAX_GROWTH),
    maxItems: takesLargeBodies || takesLargeBatches ? limits.largeBatchLimitItems : limits.batchLimitItems,
  }
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
    access: common(served, 'access', (one) => one.route.access),
    schema: route.schema,
    bodyLimitBytes: common(served, 'limit of bodies', (one) => one.limits.bodyLimitBytes),
    refusesByItem: common(served, 'refusal', (one) => one.format.refusesByItem === true),
    mayBeCompressed: served.some((one) => one.format.encodingOf !== undefined),
    first: byType.get(format.mediaTypes[0]!) ?? createChoice(rest),
    byType,
    anyType: rest.length > 0 ? createChoice(rest) : undefined,
    expectedTypes: [...mainTypes].join(' or '),
  }
}

/** @throws Error where formats that share a route differ in what is judged before one of them reads the body */
function common<T>(served: readonly ServedFormat[], what: string, read: (one: ServedFormat) => T): T {
  const first = read(served[0]!)
  const differs = served.find((one) => String(read(one)) !== String(first))
  if (differs)
    throw new Error(`The format ${differs.format.name} asks for another ${what} at ${differs.route.url}`)
  return first
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

/** ASCII is a part of it. */
const UTF_8 = /^charset="?(?:utf-?8|us-ascii|ascii)"?$/

function parseContentType(endpoint: Endpoint, contentType: string): FormatChoice | undefined {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase())
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  if (charset !== undefined && !UTF_8.test(charset)) return undefined
  return endpoint.byType.get(type) ?? endpoint.anyType
}

/** @returns the format that answers what went wrong before a body was read */
export function formatOfFailure(endpoint: Endpoint, contentType: string | undefined): WireFormat {
  const choice =
    contentType === undefined ? endpoint.first : (parseContentType(endpoint, contentType) ?? endpoint.first)
  return choice.formats[0]!.format
}
