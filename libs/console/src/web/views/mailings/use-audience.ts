import { useMemo, useEffect, useState } from 'preact/hooks'
import { previewAudience, type Audience } from '../../api/audience.ts'
import { useResource, type Resource } from '../../data/use-resource.ts'
import type { FormValues } from './form-values.ts'
import { toPreview } from './to-preview.ts'

/** Time without typing after which the audience is requested. */
const PAUSE_MS = 400

/** Stands for a text that is not written yet: the recipients are known without it. */
const NO_TEXT = '…'

/** Who would receive a mailing, and what they would read, soon after the form has changed. */
export function useAudience(values: FormValues): Resource<Audience> {
  const { text } = values
  const asked = useMemo(
    () => JSON.stringify({ ...toPreview(values, Date.now()), ...(text.trim() === '' && { text: NO_TEXT }) }),
    [values, text],
  )
  const key = useDebounced(asked, PAUSE_MS)
  return useResource(key, (signal) => previewAudience(JSON.parse(key), signal))
}

/** A value as it was once it had stayed the same for a while. */
function useDebounced<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}
