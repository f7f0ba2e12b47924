import type { KeyValue } from '@runnel/wire/opentelemetry/common/v1/common'
import type { AttributeNames } from './attribute-names.ts'
import { isIndexedText } from '@runnel/contracts'
import { mergeAttributes, type MergedAttributes, type Origin } from './origin.ts'
import { scalarJson, writeJson } from './plain-json.ts'
import { serviceTagOf, toTags } from './written-origin.ts'

/** Attributes of a record and its resource as JSON, and what else its event says of them. */
export interface WrittenAttributes {
  readonly attributes: string
  readonly service: string | undefined
  readonly resource: string | undefined
  /** Admission has nothing to say about any of it, nor about the scope. */
  readonly isPlain: boolean
}

/** The same as of mergeAttributes. */
export function writeAttributes(origin: Origin, own: readonly KeyValue[]): WrittenAttributes {
  const members = ownMembers(origin.written.names, own)
  return members === undefined
    ? writeMerged(origin, mergeAttributes(origin, own))
    : joinAttributes(origin, members)
}

/** @param members of a record whose names are ordinary, with commas before them */
function joinAttributes(origin: Origin, members: string): WrittenAttributes {
  const { attributes, service, resource, isPlain } = origin.written
  return { attributes: toObjectJson(attributes, members), service, resource, isPlain }
}

/** The same as tags, among which is the service. */
export function writeTags(origin: Origin, own: readonly KeyValue[]): WrittenAttributes {
  const members = ownMembers(origin.written.names, own)
  return members === undefined ? writeMerged(origin, mergeTags(origin, own)) : joinTags(origin, members)
}

/** The same as {@link joinAttributes} for tags. */
function joinTags(origin: Origin, members: string): WrittenAttributes {
  const { tags, serviceTag, service, resource, isPlain } = origin.written
  return { attributes: toObjectJson(tags, members + serviceTag), service, resource, isPlain }
}

/** @returns members with commas before them; undefined where they have to be merged one by one */
function ownMembers(names: AttributeNames, own: readonly KeyValue[]): string | undefined {
  let members = ''
  for (const { key, value } of own) {
    names = names.with(key)
    const json = names.areOrdinary ? scalarJson(value) : undefined
    if (json === undefined) return undefined
    members += names.member + json
  }
  return members
}

/** @param behind members with commas before them */
function toObjectJson(before: string, behind: string): string {
  return before === '' ? `{${behind.slice(1)}}` : `{${before}${behind}}`
}

function mergeTags(origin: Origin, own: readonly KeyValue[]): MergedAttributes {
  const { attributes, service, resource } = mergeAttributes(origin, own)
  const tags = toTags(attributes)
  if (service !== undefined) tags[serviceTagOf(tags)] = service
  return { attributes: tags, service, resource }
}

function writeMerged(origin: Origin, { attributes, service, resource }: MergedAttributes): WrittenAttributes {
  const [ofAttributes, ofService, ofResource] = [attributes, service ?? null, resource ?? null].map(writeJson)
  const arePlain = ofAttributes!.isPlain && ofService!.isPlain && ofResource!.isPlain
  return {
    attributes: ofAttributes!.json,
    service: service === undefined ? undefined : ofService!.json,
    resource: resource && ofResource!.json,
    isPlain: origin.written.isPlain && arePlain && isIndexedText(service ?? ''),
  }
}
