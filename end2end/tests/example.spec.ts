// An example from a citizen without an account to its public page, with and without script.
import { expect, test } from './page';
import { signIn } from './official';
import { inspect } from './inspect';

test.use({ expected: [/401|403|404|410|422/] });

test('a citizen sends an example, it is checked, and its sender follows it', async ({ page, javaScriptEnabled }, info) => {
  test.slow();
  const title = `Bà Tư giữ rừng ${info.project.name}`;
  const shown = await page.goto('/dien-hinh/gui');
  await inspect(page, await shown!.text(), javaScriptEnabled);
  await page.getByLabel('Cá nhân').check();
  await page.getByLabel('Tên bài').fill(title);
  await page.getByLabel('Người hoặc tập thể được nêu', { exact: true }).fill('Bà Nguyễn Thị Tư');
  await page.getByLabel('Câu chuyện').fill('Mỗi sáng bà đi tuần. <b>Ba mươi năm</b> rừng không cháy.');
  await page.getByLabel('Họ và tên').fill('Lan');
  // Without consent it is not taken, and nothing of it is lost.
  await page.getByRole('button', { name: 'Gửi bài giới thiệu' }).click();
  await expect(page.getByText('Bài chưa gửi được.')).toBeVisible();
  await expect(page.getByLabel('Tên bài')).toHaveValue(title);
  await page.getByLabel('Người hoặc tập thể được nêu đồng ý cho đăng').check();
  await page.getByRole('button', { name: 'Gửi bài giới thiệu' }).click();
  await expect(page).toHaveURL(/\/theo-doi\//);
  await expect(page.getByText('Bài giới thiệu điển hình của bạn sẽ hiển thị sau khi được kiểm duyệt.')).toBeVisible();
  const receipt = page.url();
  await page.goto('/dien-hinh');
  await expect(page.getByText(title)).toHaveCount(0);

  await signIn(page, 'moderator', info);
  await page.goto('/quan-tri/dien-hinh');
  await page.getByRole('link', { name: title }).click();
  const desk = await page.goto(page.url());
  await inspect(page, await desk!.text(), javaScriptEnabled);
  await page.getByLabel('Sapo (lời dẫn)').fill('Ba mươi năm giữ rừng.');
  await page.getByRole('button', { name: 'Duyệt', exact: true }).click();
  await page.goto('/dien-hinh');
  await page.getByRole('link', { name: title }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(page.locator('article')).toContainText('<b>Ba mươi năm</b>');
  const story = await page.goto(page.url());
  await inspect(page, await story!.text(), javaScriptEnabled);
  const list = await page.goto('/dien-hinh');
  await inspect(page, await list!.text(), javaScriptEnabled);
  await page.goto(receipt);
  await expect(page.getByRole('link', { name: 'Xem bài trên trang' })).toBeVisible();
});
