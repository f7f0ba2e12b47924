import type { JsonObject } from '@runnel/contracts'
import type { Exemplar } from '@runnel/wire/opentelemetry/metrics/v1/metrics'
import { doubleToJson, integerToJson, toObject } from './any-value.ts'
import { toHexId } from '../shared/hex-id.ts'
import { timeOfNanos } from '../shared/time-of-nanos.ts'

export function describeExemplar(exemplar: Exemplar): JsonObject {
  const timestamp = timeOfNanos(exemplar.timeUnixNano)
  const [traceId, spanId] = [toHexId(exemplar.traceId), toHexId(exemplar.spanId)]
  return {
    ...describeExemplarValue(exemplar.value),
    ...(timestamp !== undefined && { timestamp }),
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
    ...(exemplar.filteredAttributes.length > 0 && { attributes: toObject(exemplar.filteredAttributes) }),
  }
}

/** It costs its point nothing what an exemplar holds. */
function describeExemplarValue(value: Exemplar['value']): JsonObject {
  if (value.case === undefined) return {}
  return value.case === 'asInt' ? exactValue(value.value) : { value: doubleToJson(value.value) }
}

/** Beyond 2^53 the digits stand beside the number, for readers whose JSON knows doubles alone. */
function exactValue(integer: bigint): JsonObject {
  const number = integerToJson(integer)
  return typeof number === 'number' ? { value: number } : { value: JSON.rawJSON(number), exact: number }
}
