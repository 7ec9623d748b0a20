import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test } from 'vitest'
import { ErrorSummary } from './error-summary'
import { TextBox } from './field'

afterEach(cleanup)

function Form({ message }: { message?: string }) {
  return (
    <>
      <ErrorSummary errors={message ? [{ target: 'name', message }] : []} />
      <TextBox id="name" label="姓名" error={message} value="" onChange={() => undefined} />
    </>
  )
}

test('it takes the focus when errors appear', () => {
  const { rerender } = render(<Form />)
  expect(screen.queryByRole('alert')).toBeNull()
  rerender(<Form message="请填写姓名" />)
  expect(document.activeElement).toBe(screen.getByRole('alert'))
})

test('it says the same words as the field, and leads to it', async () => {
  render(<Form message="请填写姓名" />)
  await userEvent.click(screen.getByRole('link', { name: '请填写姓名' }))
  const input = screen.getByLabelText('姓名')
  expect(document.activeElement).toBe(input)
  const described = input.getAttribute('aria-describedby') ?? ''
  expect(document.getElementById(described)?.textContent).toBe('错误：请填写姓名')
  expect(input.getAttribute('aria-invalid')).toBe('true')
})

test('a link to a group leads to its first control', async () => {
  render(
    <>
      <ErrorSummary errors={[{ target: 'group', message: '请选择' }]} />
      <fieldset id="group">
        <input type="radio" aria-label="甲" />
      </fieldset>
    </>,
  )
  await userEvent.click(screen.getByRole('link'))
  expect(document.activeElement).toBe(screen.getByLabelText('甲'))
})
