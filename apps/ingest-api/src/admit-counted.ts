import { admit, type Admission, type AdmitOptions } from './admit.ts'
import type { IntakeMetrics } from './intake-metrics.ts'
import type { DecodedBody } from './wire-format.ts'

export interface CountedAdmitOptions extends AdmitOptions {
  readonly metrics: IntakeMetrics
}

/** Counts what is refused, also where that is the whole body. @throws AppError of admit */
export function admitCounted(
  decoded: DecodedBody,
  requestKey: string | undefined,
  options: CountedAdmitOptions,
): Admission | Promise<Admission> {
  try {
    const admitting = admit(decoded, requestKey, options)
    if (!(admitting instanceof Promise)) return admitting
    return admitting.catch((error: unknown) => {
      options.metrics.rejected(decoded.kinds, decoded.texts.length)
      throw error
    })
  } catch (error) {
    options.metrics.rejected(decoded.kinds, decoded.texts.length)
    throw error
  }
}
