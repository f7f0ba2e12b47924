import { useEffect, useState } from 'preact/hooks'

/** A number that changes when light turns to dark or back. */
export function useTheme(): number {
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const update = () => setTurn((n) => n + 1)
    dark.addEventListener('change', update)
    return () => dark.removeEventListener('change', update)
  }, [])
  return turn
}
