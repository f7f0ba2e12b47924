import { AppError, type JsonObject } from '@runnel/contracts'
import { setMember } from '@runnel/json'
import type { MappedEvent } from '../shared/map-records.ts'
import type { FieldValue, Line } from './parse-lines.ts'
import type { Precision } from './precision.ts'
import { toTime } from './precision.ts'

/**
 * Each field of a line as a metric `measurement_field`. A text is no number: it is a metric without a value, with its `text`.
 *
 * @param tenancy tags that the request has for all of its lines
 */
export function toEvents(line: Line, precision: Precision, tenancy: JsonObject): MappedEvent[] {
  const timestamp = line.timestamp === undefined ? undefined : toTime(line.timestamp, precision)
  if (timestamp === '') throw new AppError('invalid_field', 'The time is not from year 1 to 9999')
  const tags: JsonObject = { ...tenancy }
  for (const [name, value] of line.tags) setMember(tags, name, value)
  return line.fields.map(([field, value]) => ({
    kind: 'metrics',
    item: {
      data: {
        name: `${line.measurement}_${field}`,
        ...toData(value),
        tags,
        ...(timestamp !== undefined && { timestamp }),
      },
    },
  }))
}

function toData(field: FieldValue): JsonObject {
  switch (field.type) {
    case 'float':
      return { value: field.value }
    case 'boolean':
      return { value: field.value ? 1 : 0, boolean: field.value }
    case 'text':
      return { text: field.text }
    case 'integer': {
      const value = Number(field.digits)
      return Number.isSafeInteger(value)
        ? { value }
        : { value: JSON.rawJSON(field.digits), exact: field.digits }
    }
  }
}
