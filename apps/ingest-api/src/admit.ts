import {
  AppError,
  eventTimeMs,
  isJsonObject,
  judgeItem,
  readProductVersion,
  type JsonValue,
} from '@runnel/contracts'
import { inSlices } from '@runnel/runtime'
import { admitBatch } from './admit-batch.ts'
import { admitItem, encodeItem, readItem, type AdmitOptions } from './admit-item.ts'
import { oneAdmitted, type Admission } from './admitted-events.ts'
import type { DecodedBody } from './wire-format.ts'
import { textAt } from './written-texts.ts'

/**
 * The gate: what passes is checked, named and ready to travel. A refused item of a batch costs only itself. A large body
 * is admitted in slices: it may not stop the process.
 *
 * @param requestKey Idempotency-Key of the request: of a single event its own; events of a batch are told apart by their
 * text within it, unless they have a key of their own
 * @returns at once where that took no longer than a slice
 * @throws AppError what is wrong with a single event or with a document as a whole
 */
export function admit(
  body: DecodedBody,
  requestKey: string | undefined,
  options: AdmitOptions,
): Admission | Promise<Admission> {
  if (body.error !== undefined) throw body.error
  return body.form === 'single'
    ? admitSingle(body, requestKey, options)
    : inSlices(admitBatch(body, requestKey, options))
}

function admitSingle(body: DecodedBody, requestKey: string | undefined, options: AdmitOptions): Admission {
  const text = textAt(body.texts, 0)
  const kind = typeof body.kinds === 'string' ? body.kinds : body.kinds[0]!
  const value = body.values?.[0] ?? readItem(text, options)
  requireObject(value)
  const own = body.keys?.[0] ?? requestKey
  const key = own === undefined ? undefined : { text: own }
  const { id, encoded } = admitItem({ kind, operation: body.operations?.[0], text, value, key }, options)
  return { admitted: oneAdmitted(id, encoded), admittedKinds: kind, rejected: [], rejectedKinds: kind }
}

/** @throws AppError nothing_accepted when no item of a batch is right */
export function requireAdmitted({ admitted, rejected }: Admission): void {
  if (admitted.length > 0) return
  throw new AppError('nothing_accepted', 'No item of the batch can be accepted', { extra: { rejected } })
}

/** An array has been recognised before. */
function requireObject(value: JsonValue): void {
  if (isJsonObject(value)) return
  throw new AppError('invalid_field', 'The body is neither an object nor an array', {
    field: '',
    expected: 'an object or an array of objects',
  })
}

/** A deletion as an event. @throws AppError where id or version are not valid */
export function admitDeletion(
  data: { readonly id: number; readonly version?: number },
  requestKey: string | undefined,
  options: AdmitOptions,
): Admission {
  const id = options.nextId()
  readProductVersion(judgeItem('products', 'delete', { ...data }, 'posted'), eventTimeMs(id), 'version')
  const key = requestKey === undefined ? undefined : { text: requestKey }
  const { encoded } = encodeItem(
    id,
    { kind: 'products', operation: 'delete', text: JSON.stringify(data), value: undefined, key },
    options,
  )
  return {
    ...{ admitted: oneAdmitted(id, encoded), admittedKinds: 'products' },
    ...{ rejected: [], rejectedKinds: 'products' },
  }
}
