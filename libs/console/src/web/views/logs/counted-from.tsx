import { Time } from '../../parts/time.tsx'

/** Behind a number of entries: how far back they were counted, where not all are. */
export function CountedFrom({ at }: { at: string | undefined }) {
  if (at === undefined) return null
  return (
    <>
      {' '}
      back to <Time at={at} />, older ones are not
    </>
  )
}
