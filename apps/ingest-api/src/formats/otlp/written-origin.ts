import { isIndexedText, type JsonObject, type JsonValue } from '@runnel/contracts'
import { setMember } from '@runnel/json'
import { toPiece } from '../shared/byte-writer.ts'
import { AttributeNames } from './attribute-names.ts'
import { writeJson } from './plain-json.ts'

export const SERVICE_NAME = 'service.name'

/** What an origin says, as values. */
export interface OriginValues {
  /** `service.name` of the resource. */
  readonly service: string | undefined
  /** The other attributes of the resource. */
  readonly attributes: JsonObject
  /** What else is known of the resource, if anything. */
  readonly resource: JsonObject | undefined
  /** Of whom the instrumentation is, if anything is known. */
  readonly scope: JsonObject | undefined
}

/** What an origin says, as JSON. */
export interface WrittenOrigin {
  readonly service: string | undefined
  /** Members of the object, without its braces. */
  readonly attributes: string
  /** The same as tags of metrics, where what is no scalar is a text. */
  readonly tags: string
  /** The tag that has the service, if there is one; a comma stands before it. */
  readonly serviceTag: string
  readonly resource: string | undefined
  readonly scope: string | undefined
  /** Admission has nothing to say about any of it. */
  readonly isPlain: boolean
  /** What logs and points are written with from their bytes. */
  readonly pieces: OriginPieces
  /** Names of records that may stand behind the attributes of the origin as they are. */
  readonly names: AttributeNames
}

/** The same as bytes. */
interface OriginPieces {
  readonly service: Uint8Array | undefined
  readonly attributes: Uint8Array
  readonly tags: Uint8Array
  readonly serviceTag: Uint8Array
  readonly resource: Uint8Array | undefined
  readonly scope: Uint8Array | undefined
  /** Of all of them together, in bytes. */
  readonly size: number
}

/** Of these a record says more than an attribute; `__proto__` is no name like others. */
const OWN_MEANING = [SERVICE_NAME, 'service', '__proto__']

export function writeOrigin(origin: OriginValues): WrittenOrigin {
  const { service, attributes, resource, scope } = origin
  const tags = toTags(attributes)
  const all = [service ?? null, attributes, tags, resource ?? null, scope ?? null].map(writeJson)
  const [ofService, ofAttributes, ofTags, ofResource, ofScope] = all.map(({ json }) => json)
  const isKnown = service !== undefined
  const written = {
    service: isKnown ? ofService! : undefined,
    attributes: ofAttributes!.slice(1, -1),
    tags: ofTags!.slice(1, -1),
    serviceTag: isKnown ? `,${JSON.stringify(serviceTagOf(tags))}:${ofService!}` : '',
    resource: resource && ofResource!,
    scope: scope && ofScope!,
    isPlain: all.every(({ isPlain }) => isPlain) && (!isKnown || isIndexedText(service)),
    names: AttributeNames.none(new Set([...Object.keys(attributes), ...OWN_MEANING])),
  }
  return { ...written, pieces: toPieces(written) }
}

function toPieces(written: Omit<WrittenOrigin, 'pieces'>): OriginPieces {
  const [service, resource, scope] = [written.service, written.resource, written.scope].map((text) =>
    text === undefined ? undefined : toPiece(text),
  )
  const [attributes, tags, serviceTag] = [written.attributes, written.tags, written.serviceTag].map(toPiece)
  const all = [service, attributes, tags, serviceTag, resource, scope]
  const size = all.reduce((sum, piece) => sum + (piece?.length ?? 0), 0)
  return {
    ...{ service, resource, scope, size },
    ...{ attributes: attributes!, tags: tags!, serviceTag: serviceTag! },
  }
}

/** An attribute of that name stays what it is. */
export function serviceTagOf(tags: JsonObject): string {
  return Object.hasOwn(tags, 'service') ? SERVICE_NAME : 'service'
}

/** Attributes as tags: what is neither text nor number nor boolean becomes a text. */
export function toTags(attributes: JsonObject): JsonObject {
  const tags: JsonObject = {}
  for (const name in attributes) setMember(tags, name, toTag(attributes[name]!))
  return tags
}

function toTag(value: JsonValue): JsonValue {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}
