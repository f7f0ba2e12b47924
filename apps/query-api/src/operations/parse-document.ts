import { isJsonObject, SCOPES, type JsonValue, type Scope } from '@runnel/contracts'
import type { ApiOperation, OperationParameter } from '@runnel/contracts/api/operations'

/** More than any app has; a document comes over the network. */
const MAX_OPERATIONS = 500
const MAX_PARAMETERS = 100
const MAX_TEXT = 5000

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

type Member = Readonly<Record<string, JsonValue>>

/**
 * The operations of an OpenAPI document, in its order.
 *
 * @param isForwarded whether query-api answers a path as well
 * @throws TypeError for what is no such document
 */
export function parseDocument(
  document: JsonValue,
  isForwarded: (path: string) => boolean,
): { readonly operations: ApiOperation[]; readonly isCut: boolean } {
  if (!isJsonObject(document) || !isJsonObject(document.paths ?? null))
    throw new TypeError('expected an OpenAPI document with paths')
  const all = Object.entries(members(document.paths)).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const operation = members(methods)[method]
      return operation === undefined ? [] : [present(method, path, members(operation), isForwarded(path))]
    }),
  )
  return { operations: all.slice(0, MAX_OPERATIONS), isCut: all.length > MAX_OPERATIONS }
}

function present(method: string, path: string, operation: Member, isForwarded: boolean): ApiOperation {
  const { summary, description, security, parameters, requestBody, responses } = operation
  return {
    method: method.toUpperCase(),
    path: text(path),
    summary: text(summary),
    description: text(description),
    isPublic: list(security).length === 0,
    scopes: scopesOf(security),
    isForwarded,
    parameters: list(parameters).slice(0, MAX_PARAMETERS).map(presentParameter),
    bodyTypes: Object.keys(members(members(requestBody).content)).map(text),
    statuses: Object.keys(members(responses)).map(text),
  }
}

function presentParameter(parameter: JsonValue): OperationParameter {
  const { name, in: place, required, description } = members(parameter)
  return {
    name: text(name),
    in: text(place),
    required: required === true,
    description: text(description),
  }
}

/** Every scheme has to bring the same. */
function scopesOf(security: JsonValue | undefined): Scope[] {
  const [first] = list(security)
  const [scopes] = Object.values(members(first))
  return SCOPES.filter((scope) => list(scopes).includes(scope))
}

function members(value: JsonValue | undefined): Member {
  return value !== undefined && isJsonObject(value) ? (value as Member) : {}
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : []
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : ''
}
