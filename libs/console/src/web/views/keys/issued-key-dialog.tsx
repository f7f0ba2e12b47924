import type { IssuedKey } from '../../api/keys.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Time } from '../../parts/time.tsx'

interface IssuedKeyDialogProps {
  readonly issued: IssuedKey
  readonly onClose: () => void
}

/** Shows the text of a key: the only time that it can be seen. */
export function IssuedKeyDialog({ issued: { name, key, oldSecretUntil }, onClose }: IssuedKeyDialogProps) {
  return (
    <Dialog title={`The key of ${name}`} open onClose={onClose}>
      <div class="dialog-body">
        <p>Copy it now: it is shown this once and stored nowhere.</p>
        <p>
          <code style={{ overflowWrap: 'anywhere' }}>{key}</code>
        </p>
        {oldSecretUntil && (
          <p>
            The key as it was stays valid until <Time at={oldSecretUntil} />.
          </p>
        )}
      </div>
      <div class="dialog-foot">
        <CopyButton label="Copy" text={() => key} />
        <button type="button" class="primary" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  )
}
