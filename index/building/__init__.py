"""Write index generations, incrementally and safe against crashes."""
