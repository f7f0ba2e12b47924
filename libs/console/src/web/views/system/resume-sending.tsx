import { useState } from 'preact/hooks'
import { resumeSending, type ChannelStop } from '../../api/sending.ts'
import { useAction } from '../../data/use-action.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { Needs } from '../../parts/needs.tsx'

/** Lets a person end the stop of a channel. */
export function ResumeSending({ channel }: Pick<ChannelStop, 'channel'>) {
  const [asked, setAsked] = useState(false)
  const resume = useAction(async () => {
    await resumeSending(channel)
    setAsked(false)
  })
  return (
    <Needs scope="system:write">
      <button type="button" onClick={() => setAsked(true)}>
        Resume sending
      </button>
      <ConfirmDialog
        title="Resume sending now?"
        open={asked}
        action="Resume"
        busy={resume.busy}
        onConfirm={resume.run}
        onClose={() => setAsked(false)}
      >
        <ActionError error={resume.error} />
        <p>
          A few messages go out at once, then more. Where the channel still fails, or asks for a pause again,
          sending stops again by itself.
        </p>
      </ConfirmDialog>
    </Needs>
  )
}
