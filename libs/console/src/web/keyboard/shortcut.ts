/** Something that keys do. */
export interface Shortcut {
  /** As KeyboardEvent.key names them; a sequence has a space between its keys: `g l`. */
  readonly keys: string
  /** What they do, as the list of shortcuts says it. */
  readonly label: string
  readonly group: ShortcutGroup
  readonly run: () => void
}

/** In the order of the list of shortcuts. */
const SHORTCUT_GROUPS = ['On this page', 'Everywhere', 'Go to'] as const
export type ShortcutGroup = (typeof SHORTCUT_GROUPS)[number]

/** Whether the keys are characters: these can be switched off, because people who speak to their computer type them by accident. */
export function isCharacters({ keys }: Pick<Shortcut, 'keys'>): boolean {
  return keys.split(' ').every((key) => key.length === 1)
}

interface Match {
  readonly shortcut?: Shortcut
  /** The keys pressed so far of a sequence that goes on. */
  readonly pending?: string
}

/**
 * What a key means after those before it. Of two shortcuts with the same keys the later one counts: what was opened last.
 *
 * @param pending the keys pressed so far of a sequence
 */
export function matchKey(key: string, pending: string | undefined, shortcuts: readonly Shortcut[]): Match {
  const typed = pending === undefined ? key : `${pending} ${key}`
  const shortcut = shortcuts.findLast(({ keys }) => keys === typed)
  if (shortcut) return { shortcut }
  if (shortcuts.some(({ keys }) => keys.startsWith(`${typed} `))) return { pending: typed }
  // A key that does not go on with the sequence begins anew.
  return pending === undefined ? {} : matchKey(key, undefined, shortcuts)
}

/** What is in force, each pair of keys once, by groups. */
export function groupShortcuts(
  shortcuts: readonly Shortcut[],
): readonly (readonly [ShortcutGroup, readonly Shortcut[]])[] {
  const last = new Map(shortcuts.map((shortcut) => [shortcut.keys, shortcut]))
  return SHORTCUT_GROUPS.map(
    (group) => [group, [...last.values()].filter((one) => one.group === group)] as const,
  ).filter(([, all]) => all.length > 0)
}
