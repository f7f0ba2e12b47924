import { useEffect, useState } from 'preact/hooks'

/** Scrolled by less, one still looks at the top. */
const NEAR_PX = 400

/** Whether the page is scrolled down, so that rows added at the top would push what is read. */
export function useScrolledAway(): boolean {
  const [away, setAway] = useState(scrollY > NEAR_PX)
  useEffect(() => {
    const update = () => setAway(scrollY > NEAR_PX)
    addEventListener('scroll', update, { passive: true })
    return () => removeEventListener('scroll', update)
  }, [])
  return away
}
