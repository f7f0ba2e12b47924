import { Dialog } from '../parts/dialog.tsx'
import { groupShortcuts } from './shortcut.ts'
import { useShortcutList } from './shortcuts.tsx'

interface ShortcutDialogProps {
  readonly open: boolean
  readonly onClose: () => void
}

/** Every shortcut that is in force on the page, and the switch for those that are characters. */
export function ShortcutDialog({ open, onClose }: ShortcutDialogProps) {
  const { list, enabled, enable } = useShortcutList()
  return (
    <Dialog title="Keyboard shortcuts" class="wide" open={open} onClose={onClose}>
      <label class="check">
        <input
          type="checkbox"
          checked={enabled}
          onChange={({ currentTarget }) => enable(currentTarget.checked)}
        />{' '}
        Use single letters and signs as shortcuts
      </label>
      <p class="quiet">
        They do nothing while you type into a field. Switch them off if you speak to your computer, or press
        keys by accident. The browser remembers the choice.
      </p>
      <div class="shortcuts">
        {open &&
          groupShortcuts(list()).map(([group, shortcuts]) => (
            <section key={group} aria-label={group}>
              <h3>{group}</h3>
              <dl>
                {shortcuts.map(({ keys, label }) => (
                  <div key={keys}>
                    <dt>
                      <Keys keys={keys} />
                    </dt>
                    <dd>{label}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
      </div>
    </Dialog>
  )
}

const NAMES: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓' }

function Keys({ keys }: { keys: string }) {
  return (
    <>
      {keys.split(' ').map((key, i) => (
        <>
          {i > 0 && <span class="quiet"> then </span>}
          <kbd key={i}>{NAMES[key] ?? key}</kbd>
        </>
      ))}
    </>
  )
}
