// What a script adds to commenting: nothing typed is lost, and a doubled click is one comment.
import { SLUG, expect, test, thidua } from './page';

test('what is typed survives a reload until it has been acknowledged', async ({ page }, info) => {
  const text = `Một ý kiến dài, đang viết dở ${info.project.name}`;
  await page.goto(`/tin/${SLUG}`);
  await page.getByLabel('Họ và tên').pressSequentially('Cô Ba');
  await page.getByLabel('Nội dung phản hồi').pressSequentially(text);
  await page.reload();
  await expect(page.getByLabel('Họ và tên')).toHaveValue('Cô Ba');
  await expect(page.getByLabel('Nội dung phản hồi')).toHaveValue(text);
  await page.getByRole('button', { name: 'Gửi phản hồi' }).dblclick();
  await expect(page).toHaveURL(/\/theo-doi\//);
  // The page that acknowledges the comment takes it off this device.
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('thidua:')))).toEqual([]);
  await page.goto(`/tin/${SLUG}`);
  await expect(page.getByLabel('Nội dung phản hồi')).toHaveValue('');
  expect(thidua('comment', 'list').split(text).length - 1).toBe(1);
});

test.describe('a script that was smuggled into a page', () => {
  test.use({ expected: [/Content Security Policy/] });

  test('is stopped by the policy', async ({ page }) => {
    await page.route(`**/tin/${SLUG}`, async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace('</body>', '<script>document.title = "smuggled"</script></body>');
      await route.fulfill({ response: answer, body });
    });
    await page.goto(`/tin/${SLUG}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await page.title()).not.toBe('smuggled');
  });
});

test('a telephone number is warned of before it is sent, and masked when it is shown', async ({ page }, info) => {
  const name = `Chị Hai ${info.project.name}`;
  await page.goto(`/tin/${SLUG}`);
  await page.getByLabel('Họ và tên').fill(name);
  await page.getByLabel('Nội dung phản hồi').fill('Xin gọi lại cho tôi: 0912 345 678.');
  const discussion = page.waitForFunction(() => performance.getEntriesByName(new URL('discussion.js', document.querySelector<HTMLScriptElement>('script[data-client]')!.src).href).length > 0);
  await discussion;
  await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
  const warning = page.getByRole('alert');
  await expect(warning).toContainText('0912 345 678 (số điện thoại)');
  await expect(warning).toBeFocused();
  await page.getByRole('button', { name: 'Để tôi sửa lại' }).click();
  await expect(page.getByLabel('Nội dung phản hồi')).toBeFocused();
  await expect(warning).toHaveCount(0);
  await page.getByLabel('Nội dung phản hồi').fill('Xin gọi lại cho tôi: 0912 345 679.');
  await page.getByRole('button', { name: 'Gửi phản hồi' }).click();
  await expect(warning).toContainText('0912 345 679');
  await page.getByRole('button', { name: 'Cứ gửi, che giúp tôi' }).click();
  await expect(page).toHaveURL(/\/theo-doi\//);
  thidua('comment', 'approve', await page.locator('.receipt-code').innerText());
  await page.goto(`/tin/${SLUG}`);
  await expect(page.getByRole('listitem').filter({ hasText: name })).toContainText('09•• ••• •79');
});
