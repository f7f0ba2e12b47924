import { Select } from '../../parts/select.tsx'

const OPTIONS = [
  { value: '', label: 'Refresh: off' },
  { value: '5', label: 'Every 5 s' },
  { value: '15', label: 'Every 15 s' },
  { value: '60', label: 'Every minute' },
]

/** The parameter `refresh` of an address, in milliseconds; undefined for off. */
export function readRefreshMs(params: URLSearchParams): number | undefined {
  const value = params.get('refresh')
  return OPTIONS.some((option) => option.value === value) && value ? Number(value) * 1000 : undefined
}

/** How often a view reads again by itself. */
export function RefreshSelect({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return <Select label="Refresh" value={value} options={OPTIONS} onChange={onChange} />
}
