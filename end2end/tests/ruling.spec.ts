// Rules of moderation, with script and without: tried on what came of late, switched on, and seen at work in the queue.
import { SLUG, expect, test } from './page';
import { another, signIn } from './official';

test('a rule is tried, switched on, holds a comment and shows on which words', async ({ page, browser }, info) => {
  // Words of this project alone: rules hold in the whole portal.
  const word = { desktop: 'kim ngan', phone: 'thuy linh' }[info.project.name] ?? (info.project.name.startsWith('desktop') ? 'hoang oanh' : 'bao chau');
  const mark = `Quy tắc ${info.project.name}`;
  await page.request.post(`/tin/${SLUG}`, { form: { name: `${mark} cũ`, text: `Ở đây có bán ${word} giá rẻ.` } });

  await signIn(page, 'moderator', info);
  await page.goto('/quan-tri/quy-tac');
  await page.getByRole('link', { name: 'Từ, cụm từ' }).click();
  await page.getByLabel('Tên quy tắc').fill(mark);
  await page.getByLabel('Điều kiện').fill(word);
  await page.getByRole('button', { name: 'Chạy thử' }).click();
  await expect(page.locator('.try-out [role=status]')).toContainText('Khớp 1 trong');
  await expect(page.locator('.try-out mark')).toHaveText(word);
  await page.getByRole('button', { name: 'Lưu để thử' }).click();
  await expect(page.getByRole('heading', { level: 1, name: mark })).toBeVisible();
  await page.getByRole('button', { name: 'Bật quy tắc' }).click();
  await expect(page.locator('.badge').filter({ hasText: 'đang bật' })).toBeVisible();

  const citizen = await browser.newContext({ baseURL: info.project.use.baseURL ?? undefined, javaScriptEnabled: info.project.use.javaScriptEnabled });
  const reader = await citizen.newPage();
  await reader.goto(`/tin/${SLUG}`);
  await reader.getByLabel('Họ và tên').fill(`${mark} mới`);
  const disguised = [...word].join('.');
  await reader.getByLabel('Nội dung phản hồi').fill(`Ai mua ${disguised} không?`);
  await reader.getByRole('button', { name: 'Gửi phản hồi' }).click();
  await expect(reader.getByText('Phản hồi của bạn sẽ hiển thị sau khi được kiểm duyệt')).toBeVisible();
  await reader.goto(`/tin/${SLUG}`);
  await expect(reader.getByText(`${mark} mới`)).toHaveCount(0);
  await citizen.close();

  const other = await another(browser, 'moderator', info);
  await other.goto('/quan-tri/phan-hoi');
  await other.getByLabel('Quy tắc', { exact: true }).selectOption({ label: `${mark} (1)` });
  await other.getByRole('button', { name: 'Lọc' }).click();
  const item = other.locator('.queue-item');
  await expect(item).toHaveCount(1);
  await expect(item.locator('.queue-rule')).toContainText(mark);
  await expect(item.locator('.desk-comment-text mark')).toHaveText(disguised);
  await other.context().close();

  await page.getByRole('button', { name: 'Kết thúc quy tắc' }).click();
  await expect(page.locator('.badge').filter({ hasText: 'đã kết thúc' })).toBeVisible();
});

test('whoever moderates reads how comments are taken and says it anew', async ({ page }, info) => {
  await signIn(page, 'moderator', info);
  await page.goto('/quan-tri/che-do');
  await expect(page.locator('.mode-now')).toContainText('Duyệt trước tất cả');
  await expect(page.getByRole('radio', { name: /Theo quy tắc/ })).toBeVisible();
  await page.goto('/chinh-sach/kiem-duyet');
  await expect(page.getByText('Duyệt trước tất cả')).toBeVisible();
});
