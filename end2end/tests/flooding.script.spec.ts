// The work that a browser does before it sends a comment: nobody notices it, and nobody is kept from sending without it.
import { SLUG, expect, test, thidua } from './page';

test('a comment carries work that was done while it was typed', async ({ page }, info) => {
  const text = `Có bằng chứng ${info.project.name}`;
  await page.goto(`/tin/${SLUG}`);
  const asked = page.waitForResponse((answer) => answer.request().postData()?.includes('viec=thu-thach') ?? false);
  await page.getByLabel('Họ và tên').pressSequentially('Cô Ba');
  const { challenge, bits } = await (await asked).json();
  expect(bits).toBeGreaterThanOrEqual(16);
  await page.getByLabel('Nội dung phản hồi').fill(text);
  const sent = page.waitForRequest((request) => request.method() === 'POST' && (request.postData()?.includes('proof=') ?? false));
  await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
  expect(new URLSearchParams((await sent).postData()!).get('proof')).toMatch(new RegExp(`^${challenge}:\\d{10}$`));
  await expect(page).toHaveURL(/\/theo-doi\//);
  expect(thidua('comment', 'list')).toContain(text);
});

test.describe('without an answer to what it asks', () => {
  test.use({ expected: [/Failed to load resource/] });

  test('a comment is sent all the same', async ({ page }, info) => {
    const text = `Không có bằng chứng ${info.project.name}`;
    await page.route(`**/tin/${SLUG}`, (route) => (route.request().postData()?.includes('viec=thu-thach') ? route.abort() : route.fallback()));
    await page.goto(`/tin/${SLUG}`);
    await page.getByLabel('Họ và tên').pressSequentially('Cô Ba');
    await page.getByLabel('Nội dung phản hồi').fill(text);
    await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
    await expect(page).toHaveURL(/\/theo-doi\//);
    expect(thidua('comment', 'list')).toContain(text);
  });
});
