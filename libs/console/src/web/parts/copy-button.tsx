import { useToast } from './toast.tsx'

interface CopyButtonProps {
  readonly label: string
  /** What goes to the clipboard. */
  readonly text: () => string
}

/** Copies a text. */
export function CopyButton({ label, text }: CopyButtonProps) {
  const toast = useToast()
  const copy = () =>
    void copyText(text()).then(
      () => toast('Copied'),
      () => toast('The browser refused to copy; select the text and copy it yourself', 'bad'),
    )
  return (
    <button type="button" onClick={copy}>
      {label}
    </button>
  )
}

/** The clipboard is there on https and localhost alone; elsewhere the old way still works. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  if (!done) throw new Error('copy was refused')
}
