/** How a page is looked at. */
export interface Appearance {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly colorScheme: 'light' | 'dark'
  /** Rules of axe-core that can find something here; all of them unless given. */
  readonly rules?: readonly string[]
}

const DESKTOP = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }

/** By night nothing but the colours is another. */
const NIGHT = { colorScheme: 'dark', rules: ['color-contrast'] } as const

/** The first is how pages stand between inspections. */
export const APPEARANCES: readonly [Appearance, ...Appearance[]] = [
  { name: 'desktop-light', ...DESKTOP, colorScheme: 'light' },
  { name: 'desktop-dark', ...DESKTOP, ...NIGHT },
  { name: 'phone-light', ...PHONE, colorScheme: 'light' },
  { name: 'phone-dark', ...PHONE, ...NIGHT },
]
