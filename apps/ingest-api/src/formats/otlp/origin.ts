import type { JsonObject } from '@runnel/contracts'
import { omitMembers, setMember } from '@runnel/json'
import type { InstrumentationScope, KeyValue } from '@runnel/wire/opentelemetry/common/v1/common'
import type { Resource } from '@runnel/wire/opentelemetry/resource/v1/resource'
import { toJson, toObject } from './any-value.ts'
import { SERVICE_NAME, writeOrigin, type OriginValues, type WrittenOrigin } from './written-origin.ts'

/** Where records come from: read once for all records of a scope. */
export interface Origin extends OriginValues {
  /** What records share, as text. */
  readonly written: WrittenOrigin
}

/** The containers of records, with the records taken out: those of logs, metrics and spans are alike. */
export interface ResourceContainer {
  readonly resource?: Resource | undefined
  readonly schemaUrl: string
}
export interface ScopeContainer {
  readonly scope?: InstrumentationScope | undefined
  readonly schemaUrl: string
}

export function readOrigin(ofResource: ResourceContainer, ofScope: ScopeContainer): Origin {
  const attributes = toObject(ofResource.resource?.attributes ?? [])
  const service = takeService(attributes)
  const origin = {
    service,
    attributes: service === undefined ? attributes : omitMembers(attributes, new Set([SERVICE_NAME])),
    resource: describeResource(ofResource),
    scope: describeScope(ofScope),
  }
  return { ...origin, written: writeOrigin(origin) }
}

/** @returns the text of `service.name`; what is no text stays an attribute */
function takeService(attributes: JsonObject): string | undefined {
  const service = Object.hasOwn(attributes, SERVICE_NAME) ? attributes[SERVICE_NAME] : undefined
  return typeof service === 'string' && service !== '' ? service : undefined
}

function describeResource({ resource, schemaUrl }: ResourceContainer): JsonObject | undefined {
  const { droppedAttributesCount = 0, entityRefs = [] } = resource ?? {}
  return unlessEmpty({
    ...(schemaUrl !== '' && { schemaUrl }),
    ...(droppedAttributesCount > 0 && { droppedAttributesCount }),
    ...(entityRefs.length > 0 && {
      entityRefs: entityRefs.map(({ schemaUrl, type, idKeys, descriptionKeys }) => ({
        schemaUrl,
        type,
        idKeys,
        descriptionKeys,
      })),
    }),
  })
}

function describeScope({ scope, schemaUrl }: ScopeContainer): JsonObject | undefined {
  const { name = '', version = '', attributes = [], droppedAttributesCount = 0 } = scope ?? {}
  return unlessEmpty({
    ...(name !== '' && { name }),
    ...(version !== '' && { version }),
    ...(attributes.length > 0 && { attributes: toObject(attributes) }),
    ...(droppedAttributesCount > 0 && { droppedAttributesCount }),
    ...(schemaUrl !== '' && { schemaUrl }),
  })
}

function unlessEmpty(object: JsonObject): JsonObject | undefined {
  return Object.keys(object).length === 0 ? undefined : object
}

/** Attributes of the resource and of a record together. */
export interface MergedAttributes {
  readonly attributes: JsonObject
  readonly service: string | undefined
  /** What is known of the resource, with those of its attributes that the record has as well, for they were replaced. */
  readonly resource: JsonObject | undefined
}

/** The record's attributes go before those of its resource. */
export function mergeAttributes(origin: Origin, own: readonly KeyValue[]): MergedAttributes {
  const attributes = { ...origin.attributes }
  let replaced: JsonObject | undefined
  let namesService = false
  for (const { key, value } of own) {
    if (Object.hasOwn(origin.attributes, key)) setMember((replaced ??= {}), key, origin.attributes[key]!)
    else if (key === SERVICE_NAME) namesService = true
    setMember(attributes, key, toJson(value))
  }
  if (namesService) return withOwnService(origin, attributes, replaced ?? {})
  const { service, resource } = origin
  return { attributes, service, resource: replaced ? { ...resource, attributes: replaced } : resource }
}

function withOwnService(origin: Origin, attributes: JsonObject, replaced: JsonObject): MergedAttributes {
  const service = takeService(attributes)
  if (service !== undefined && origin.service !== undefined) replaced[SERVICE_NAME] = origin.service
  const resource = unlessEmpty({
    ...origin.resource,
    ...(Object.keys(replaced).length > 0 && { attributes: replaced }),
  })
  if (service === undefined) return { attributes, service: origin.service, resource }
  return { attributes: omitMembers(attributes, new Set([SERVICE_NAME])), service, resource }
}
