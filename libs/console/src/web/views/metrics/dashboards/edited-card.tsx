import { DashboardCard, type DashboardCardProps } from './dashboard-card.tsx'
import { titleOf } from './chart-params.ts'
import { moveChart, retitleChart, type DashboardDraft, type KeyedChart } from './dashboard-draft.ts'

interface EditedCardProps extends Omit<DashboardCardProps, 'chart' | 'title' | 'actions'> {
  readonly one: KeyedChart
  readonly draft: DashboardDraft
  readonly onDraft: (draft: DashboardDraft) => void
}

/** A chart while its dashboard is edited: it gets another title or place, or is removed. */
export function EditedCard({ one: { key, chart }, draft, onDraft, ...shared }: EditedCardProps) {
  const { charts } = draft
  const name = titleOf(chart)
  const place = charts.findIndex((one) => one.key === key)
  const change = (next: readonly KeyedChart[]) => onDraft({ ...draft, charts: next })
  /** The button goes along, and keeps the focus. */
  const move = (by: number) => (event: MouseEvent) => {
    const button = event.currentTarget as HTMLButtonElement
    change(moveChart(charts, key, by))
    requestAnimationFrame(() => button.focus())
  }
  return (
    <DashboardCard
      {...shared}
      chart={chart}
      title={
        <input
          aria-label={`Title of ${name}`}
          value={chart.title}
          placeholder={chart.metrics.join(', ')}
          onInput={(event) => change(retitleChart(charts, key, event.currentTarget.value))}
        />
      }
      actions={
        <>
          <button
            type="button"
            title="Move forward"
            aria-label={`Move ${name} forward`}
            disabled={place === 0}
            onClick={move(-1)}
          >
            ‹
          </button>
          <button
            type="button"
            title="Move back"
            aria-label={`Move ${name} back`}
            disabled={place === charts.length - 1}
            onClick={move(1)}
          >
            ›
          </button>
          <button
            type="button"
            aria-label={`Remove ${name}`}
            onClick={() => change(charts.filter((one) => one.key !== key))}
          >
            Remove
          </button>
        </>
      }
    />
  )
}
