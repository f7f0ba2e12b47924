import { admit } from './admit.ts'
import type { AdmitOptions } from './admit-item.ts'
import type { Admission } from './admitted-events.ts'
import type { FormatTallies, IntakeMetrics } from './intake-metrics.ts'
import type { DecodedBody } from './wire-format.ts'

export interface CountedAdmitOptions extends AdmitOptions {
  readonly metrics: IntakeMetrics
}

/**
 * Counts what is refused: items, or the whole body.
 *
 * @param format of the body; undefined for a listener, which counts for itself what became of its events
 * @throws AppError of admit
 */
export function admitCounted(
  decoded: DecodedBody,
  requestKey: string | undefined,
  options: CountedAdmitOptions,
  format?: FormatTallies,
): Admission | Promise<Admission> {
  try {
    const admitting = admit(decoded, requestKey, options)
    if (!(admitting instanceof Promise)) return countRefused(admitting, options.metrics, format)
    return admitting.then(
      (admission) => countRefused(admission, options.metrics, format),
      (error: unknown) => {
        countAll(decoded, options.metrics, format)
        throw error
      },
    )
  } catch (error) {
    countAll(decoded, options.metrics, format)
    throw error
  }
}

function countRefused(
  admission: Admission,
  metrics: IntakeMetrics,
  format: FormatTallies | undefined,
): Admission {
  const { rejected, rejectedKinds } = admission
  metrics.rejected(rejectedKinds, rejected.length)
  format?.rejected.add(rejected.length)
  return admission
}

function countAll(
  { kinds, texts, rejected = [] }: DecodedBody,
  metrics: IntakeMetrics,
  format: FormatTallies | undefined,
): void {
  metrics.rejected(kinds, texts.length)
  for (const { kind } of rejected) metrics.rejected(kind, 1)
  format?.rejected.add(texts.length + rejected.length)
}
